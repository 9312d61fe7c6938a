// How right the forecast was: what was expected when the revision began to run, and what has come since.

import { useTranslation } from "react-i18next";
import { Asked, useAsk } from "../app/asked";
import { useCount, useTime } from "../app/time";
import type { KeptForecast } from "../service/types";

export function Expected({ id }: { id: string }) {
  const { t } = useTranslation();
  const forecasts = useAsk("listForecasts", { id }, { every: 60_000 });
  return (
    <Asked query={forecasts}>
      {(found) =>
        found[0] === undefined ? <p className="hint">{t("expected.none")}</p> : <Shown kept={found[0]} />
      }
    </Asked>
  );
}

function Shown({ kept }: { kept: KeptForecast }) {
  const { t, i18n } = useTranslation();
  const count = useCount();
  const time = useTime();
  // Less than one an hour is told by the day, both alike. "0.0" keeps its digits on the way: here it is a number again.
  const expected = Number(kept.matches_per_hour);
  const often = expected >= 1;
  const told = (perHour: number) => {
    const rate = perHour * (often ? 1 : 24);
    return rate.toLocaleString(i18n.language, { maximumSignificantDigits: rate < 10 ? 2 : 3 });
  };
  const unit = often ? "hour" : "day";
  return (
    <>
      <p className="big">
        {kept.observed == null
          ? t(`expected.only.${unit}`, { n: told(expected) })
          : t(`expected.got.${unit}`, {
              n: told(expected),
              got: told(Number(kept.observed.matches_per_hour)),
            })}
      </p>
      <p className="hint">
        {t("expected.made", {
          revision: kept.revision,
          time: time(kept.made_at),
          users: count(kept.sample_users),
        })}
        {kept.observed != null &&
          ` ${t("expected.since", {
            n: count(kept.observed.matches),
            from: time(kept.observed.from),
            to: time(kept.observed.to),
          })}`}
      </p>
    </>
  );
}
