import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { createBrowserRouter, RouterProvider } from "react-router";
import { Shell } from "./app/Shell";
import { settings } from "./app/settings";
import { speak } from "./locale";
import "./app/tokens.css";
import "./app/page.css";
import "./app/editor.css";

const i18n = speak(settings.locale());

const router = createBrowserRouter([
  {
    path: "/",
    element: <Shell />,
    children: [
      { index: true, lazy: async () => ({ Component: (await import("./editor/NewRule")).NewRule }) },
    ],
  },
]);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={i18n}>
        <RouterProvider router={router} />
      </I18nextProvider>
    </StrictMode>,
  );
}
