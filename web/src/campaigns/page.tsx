// The page of those who run campaigns: all of them, or the one that the address names. It opens no connection.

import { Show } from "solid-js";
import { Layout } from "../parts/layout";
import { createSessionWithoutSocket, SessionProvider } from "../session";
import { CampaignsAsked } from "./asks";
import { One } from "./one";
import { Overview } from "./overview";
import { createPlace } from "./place";

export default function CampaignsPage() {
  const session = createSessionWithoutSocket("campaigns");
  return (
    <SessionProvider session={session}>
      <Layout title="campaigns.title">
        <Inside />
      </Layout>
    </SessionProvider>
  );
}

function Inside() {
  const place = createPlace();
  const asked = new CampaignsAsked();
  return (
    <Show when={place.opened()} keyed fallback={<Overview place={place} asked={asked} />}>
      {(id) => <One id={id} place={place} asked={asked} />}
    </Show>
  );
}
