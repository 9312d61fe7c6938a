// One user: what he did, where each rule stands for him, and what is missing, now or at any past moment.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { Asked, Empty, useAsk } from "../app/asked";
import { HERE, useCount, useTime } from "../app/time";
import { fromLocal, toLocal } from "../rule/zoned";
import { Events } from "./Events";
import { Stands } from "./Stands";

export function UsersPage() {
  const { t } = useTranslation();
  const [asked, ask] = useSearchParams();
  const user = asked.get("user") ?? "";
  // An address may be typed by hand: what is no moment is now.
  const typed = Date.parse(asked.get("at") ?? "");
  const at = Number.isNaN(typed) ? "" : new Date(typed).toISOString();
  return (
    <>
      <div className="pageHead">
        <h1>{user === "" ? t("page.users") : t("users.title", { user })}</h1>
      </div>
      <Find
        key={`${user} ${at}`}
        user={user}
        at={at}
        onAsk={(wanted, moment) =>
          ask({ ...(wanted === "" ? {} : { user: wanted }), ...(moment === "" ? {} : { at: moment }) })
        }
      />
      {user === "" ? <Nobody onAsk={(wanted) => ask({ user: wanted })} /> : <User user={user} at={at} />}
    </>
  );
}

function Find(props: { user: string; at: string; onAsk: (user: string, at: string) => void }) {
  const { t } = useTranslation();
  const [user, setUser] = useState(props.user);
  const [at, setAt] = useState(toLocal(props.at, HERE));
  const found = useAsk("findUsers", { beginning: user.trim() }, { enabled: user.trim() !== "" });
  return (
    <form
      className="line filters"
      onSubmit={(event) => {
        event.preventDefault();
        props.onAsk(user.trim(), at === "" ? "" : new Date(fromLocal(at, HERE)).toISOString());
      }}
    >
      <label>
        {t("users.id")}
        <input
          type="search"
          list="users-found"
          maxLength={128}
          autoComplete="off"
          spellCheck={false}
          value={user}
          onChange={(event) => setUser(event.target.value)}
        />
      </label>
      <datalist id="users-found">
        {(found.data ?? []).map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <label>
        {t("users.at", { zone: HERE })}
        <input
          type="datetime-local"
          step={1}
          className="moment"
          value={at}
          onChange={(event) => setAt(event.target.value)}
        />
      </label>
      <button type="submit" className="primary">
        {t("users.look")}
      </button>
      {props.at !== "" && (
        <button type="button" onClick={() => props.onAsk(user.trim(), "")}>
          {t("users.now")}
        </button>
      )}
    </form>
  );
}

/** Nobody is asked for yet: the users of the latest matches are likely. */
function Nobody({ onAsk }: { onAsk: (user: string) => void }) {
  const { t } = useTranslation();
  const matches = useAsk("listMatches", { limit: 50 });
  const some = useAsk("findUsers", {});
  const likely = [
    ...new Set([...(matches.data?.items ?? []).map((one) => one.user_id), ...(some.data ?? [])]),
  ];
  return (
    <Empty title={t("users.none")}>
      <p>{t("users.none.next")}</p>
      {likely.length > 0 && (
        <p className="line">
          {likely.slice(0, 12).map((user) => (
            <button type="button" key={user} onClick={() => onAsk(user)}>
              {user}
            </button>
          ))}
        </p>
      )}
    </Empty>
  );
}

function User({ user, at }: { user: string; at: string }) {
  const { t } = useTranslation();
  const time = useTime();
  const count = useCount();
  // The end does not belong to it: what happened at the moment does.
  const to = at === "" ? {} : { to: new Date(Date.parse(at) + 1).toISOString() };
  const events = useAsk("listUserEvents", { user, limit: 1000, ...to }, at === "" ? { every: 10_000 } : {});
  const matches = useAsk("listMatches", { user, limit: 200, ...to }, at === "" ? { every: 10_000 } : {});
  const extent = useAsk("getEventExtent", {});
  return (
    <>
      <section className="section">
        <h2>{t("users.events")}</h2>
        <div className="content">
          <Asked query={events}>
            {(found) =>
              found.length === 0 ? (
                <Empty title={t("users.unseen", { user })}>
                  <p>
                    {extent.data && extent.data.events > 0
                      ? t("users.unseen.next", {
                          events: count(extent.data.events),
                          from: time(extent.data.from),
                        })
                      : t("users.noEvents")}
                  </p>
                </Empty>
              ) : (
                <Events events={found} matches={matches.data?.items ?? []} />
              )
            }
          </Asked>
        </div>
      </section>
      <section className="section">
        <h2>{at === "" ? t("users.stands") : t("users.standsAt")}</h2>
        <div className="content">
          <Stands user={user} at={at} />
        </div>
      </section>
    </>
  );
}
