import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router";
import { Empty } from "./asked";

/** No such page; or one that broke: what was typed is kept in the browser. */
export function Lost() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <Empty title={error ? t("lost.broken") : t("lost.title")}>
      {error instanceof Error && <p lang="en">{error.message}</p>}
      <p>
        <Link to="/rules">{t("lost.back")}</Link>
      </p>
    </Empty>
  );
}
