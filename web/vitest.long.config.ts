import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["tests/**/*.long.ts"], environment: "node", fileParallelism: false, hookTimeout: 120_000 },
});
