// Picks the page by the address. It holds no state.

import { render } from "solid-js/web";
import { createEffect, lazy, Match, Suspense, Switch } from "solid-js";
import { language, t } from "./text";
import "./style/base.css";
import "./style/parts.css";
import "./style/grid.css";
import "./style/board.css";
import "./style/panel.css";
import "./style/wallboard.css";
import "./style/console.css";
import "./style/campaigns.css";

const BoardPage = lazy(() => import("./board/page"));
const WallboardPage = lazy(() => import("./board/wallboard"));
const CampaignsPage = lazy(() => import("./campaigns/page"));
const ConsolePage = lazy(() => import("./agent/page"));

function Pages() {
  createEffect(() => {
    document.documentElement.lang = language();
  });
  const path = location.pathname.replace(/\/+$/, "");
  return (
    <Suspense fallback={<p class="loading">{t("loading")}</p>}>
      <Switch fallback={<BoardPage />}>
        <Match when={path === "/agent"}>
          <ConsolePage />
        </Match>
        <Match when={path === "/campaigns" || path.startsWith("/campaigns/")}>
          <CampaignsPage />
        </Match>
        <Match when={path === "/wallboard"}>
          <WallboardPage />
        </Match>
      </Switch>
    </Suspense>
  );
}

const root = document.getElementById("page");
if (root === null) throw new Error("index.html has an element with the id page");
render(() => <Pages />, root);
