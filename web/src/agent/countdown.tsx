// What is left until a moment of the centre's time, as a ring and in words. It ends nothing: the server does.

import { secondsLeft } from "../format";
import { useSession } from "../session";
import { t, type TextKey } from "../text";

const ROUND = 2 * Math.PI * 16;

export function Countdown(props: { endsAt: number; lastsMs: number; text: TextKey }) {
  const session = useSession();
  const seconds = () => secondsLeft(props.endsAt, session.now() ?? props.endsAt);
  const share = () => {
    const left = props.endsAt - (session.now() ?? props.endsAt);
    return props.lastsMs > 0 ? Math.min(1, Math.max(0, left / props.lastsMs)) : 0;
  };
  return (
    <span class="countdown" data-seconds={seconds()} data-late={share() < 0.25}>
      <svg viewBox="0 0 40 40" aria-hidden="true">
        <circle class="ring-ground" cx="20" cy="20" r="16" />
        <circle
          class="ring-left"
          cx="20"
          cy="20"
          r="16"
          transform="rotate(-90 20 20)"
          stroke-dasharray={`${share() * ROUND} ${ROUND}`}
        />
      </svg>
      <span class="number">{t(props.text, { seconds: seconds() })}</span>
    </span>
  );
}
