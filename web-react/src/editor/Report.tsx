// What the rule costs and where it is approximate: the engine's compile report, in plain words.

import { approximateText } from "../rule/approximate";
import { nounPieces } from "../rule/sentence";
import { textOf } from "../rule/voice";
import { useEditor, useT } from "./context";
import type { Check } from "./useCheck";

export function ReportSection({ check }: { check: Check }) {
  const t = useT();
  const { rule, voice } = useEditor();
  const report = check.verdict?.report;
  if (!report) return <p className="hint">{t("report.none")}</p>;
  const number = (value: number) => value.toLocaleString(voice.locale);
  return (
    <>
      <p>{t("report.whole", { bytes: number(report.bytes), deadlines: number(report.deadlines) })}</p>
      {report.measures.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{t("report.measure")}</th>
              <th scope="col" className="number">
                {t("report.bytes")}
              </th>
              <th scope="col">{t("report.exact")}</th>
            </tr>
          </thead>
          <tbody>
            {report.measures.map((one) => (
              <tr key={one.name}>
                <th scope="row">{textOf(nounPieces(one.name, { voice, rule, place: "when" }))}</th>
                <td className="number">{number(one.bytes)}</td>
                <td>
                  {one.approximations.length > 0
                    ? approximateText(one.approximations, voice)
                    : t("report.isExact")}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
