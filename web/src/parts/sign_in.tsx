// The sign-in form. It keeps what was typed when signing in fails, and stores nothing.

import { createSignal, Show } from "solid-js";
import { ApiError } from "../api";
import { useSession } from "../session";
import { t, type TextKey } from "../text";
import { Field } from "./field";

export function SignIn(props: { title: TextKey }) {
  const session = useSession();
  const [user, setUser] = createSignal("");
  const [password, setPassword] = createSignal("");
  const [userError, setUserError] = createSignal("");
  const [passwordError, setPasswordError] = createSignal("");
  const [error, setError] = createSignal("");
  const [isBusy, setBusy] = createSignal(false);
  let userInput: HTMLInputElement | undefined;
  let passwordInput: HTMLInputElement | undefined;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy()) return;
    setError("");
    setUserError(user().trim() === "" ? t("sign_in.user_missing") : "");
    setPasswordError(password() === "" ? t("sign_in.password_missing") : "");
    if (userError() !== "") return userInput?.focus();
    if (passwordError() !== "") return passwordInput?.focus();
    setBusy(true);
    try {
      await session.signIn(user().trim(), password());
    } catch (failure) {
      setError(explain(failure));
      passwordInput?.focus();
    } finally {
      setBusy(false);
    }
  };

  return (
    <form class="card sign-in" onSubmit={submit} novalidate>
      <h1>{t(props.title)}</h1>
      <h2>{t("sign_in.title")}</h2>
      <Field label={t("sign_in.user")} error={userError()}>
        {(field) => (
          <input
            {...field}
            ref={userInput}
            name="user"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            value={user()}
            onInput={(event) => setUser(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={t("sign_in.password")} error={passwordError()}>
        {(field) => (
          <input
            {...field}
            ref={passwordInput}
            name="password"
            type="password"
            autocomplete="current-password"
            value={password()}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        )}
      </Field>
      <div role="alert">
        <Show when={error() !== ""}>
          <p class="error">{error()}</p>
        </Show>
      </div>
      <button type="submit" class="button button-main" aria-disabled={isBusy()}>
        {isBusy() ? t("sign_in.busy") : t("sign_in.submit")}
      </button>
    </form>
  );
}

function explain(failure: unknown): string {
  if (!(failure instanceof ApiError)) return t("sign_in.unavailable");
  switch (failure.failure.is) {
    case "not_signed_in":
      return t("sign_in.wrong");
    case "too_many":
      return t("sign_in.too_many", { seconds: Math.ceil(failure.failure.retryAfterMs / 1_000) || 60 });
    case "unavailable":
      return t("sign_in.unavailable");
  }
}
