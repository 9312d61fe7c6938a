import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { engine } from "./dev/engine.ts";
import { licenses } from "./scripts/licenses.ts";

// A running service for the development server; without one, the engine's own program answers what it can.
const service = process.env.ALCEDO_SERVICE;

export default defineConfig({
  plugins: [react(), licenses(), ...(service ? [] : [engine()])],
  // A machine may stand still for seconds.
  test: { testTimeout: 180_000 },
  server: { host: "127.0.0.1", port: 5173, ...(service ? { proxy: { "/api": service } } : {}) },
});
