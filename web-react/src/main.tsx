import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { createBrowserRouter, Navigate, RouterProvider } from "react-router";
import { Lost } from "./app/Lost";
import { Shell } from "./app/Shell";
import { settings } from "./app/settings";
import { speak } from "./locale";
import { ServiceError } from "./service/api";
import "./app/tokens.css";
import "./app/page.css";
import "./app/editor.css";

const i18n = speak(settings.locale());

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What the service refused it refuses again.
      retry: (failures, error) => failures < 2 && !(error instanceof ServiceError && error.status >= 400),
      staleTime: 2_000,
    },
  },
});

const router = createBrowserRouter([
  {
    path: "/",
    element: <Shell />,
    errorElement: <Lost />,
    children: [
      { index: true, element: <Navigate to="/live" replace /> },
      { path: "live", lazy: async () => ({ Component: (await import("./live/LivePage")).LivePage }) },
      {
        path: "matches/:matchId",
        lazy: async () => ({ Component: (await import("./live/ReceiptPage")).ReceiptPage }),
      },
      { path: "rules", lazy: async () => ({ Component: (await import("./rules/RulesPage")).RulesPage }) },
      { path: "rules/new", lazy: async () => ({ Component: (await import("./rules/NewRule")).NewRule }) },
      {
        path: "templates",
        lazy: async () => ({ Component: (await import("./rules/TemplatesPage")).TemplatesPage }),
      },
      { path: "rules/:id", lazy: async () => ({ Component: (await import("./rules/RulePage")).RulePage }) },
      {
        path: "rules/:id/:tab",
        lazy: async () => ({ Component: (await import("./rules/RulePage")).RulePage }),
      },
      { path: "users", lazy: async () => ({ Component: (await import("./users/UsersPage")).UsersPage }) },
      {
        path: "backtests/:id?",
        lazy: async () => ({ Component: (await import("./preview/BacktestsPage")).BacktestsPage }),
      },
      {
        path: "audiences",
        lazy: async () => ({ Component: (await import("./audiences/AudiencesPage")).AudiencesPage }),
      },
      { path: "audit", lazy: async () => ({ Component: (await import("./people/AuditPage")).AuditPage }) },
      {
        path: "settings",
        lazy: async () => ({ Component: (await import("./people/SettingsPage")).SettingsPage }),
      },
      { path: "*", element: <Lost /> },
    ],
  },
]);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={i18n}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </I18nextProvider>
    </StrictMode>,
  );
}
