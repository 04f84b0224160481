import { defineConfig } from "vitest/config";

export default defineConfig({
  // Signals as in a browser: the server's build of solid-js does not react.
  ssr: { resolve: { conditions: ["browser"] } },
  test: { include: ["src/**/*.test.ts"], environment: "node", server: { deps: { inline: ["solid-js"] } } },
});
