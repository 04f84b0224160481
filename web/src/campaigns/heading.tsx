// The heading of what is open. Whoever came to it by a link of the page stands on it.

import { onMount } from "solid-js";

export function Heading(props: { text: string }) {
  let heading!: HTMLHeadingElement;
  onMount(() => {
    if (document.activeElement === document.body) heading.focus();
  });
  return (
    <h1 tabindex="-1" ref={heading}>
      {props.text}
    </h1>
  );
}
