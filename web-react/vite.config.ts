import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { engine } from "./dev/engine.ts";
import { licenses } from "./scripts/licenses.ts";

export default defineConfig({
  plugins: [react(), engine(), licenses()],
  // A machine may stand still for seconds.
  test: { testTimeout: 60_000 },
  server: { host: "127.0.0.1", port: 5173 },
});
