// @vitest-environment jsdom
// A list of a hundred thousand: how many rows are drawn, at first and by scrolling. Rows, not milliseconds.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { I18nextProvider } from "react-i18next";
import { afterEach, expect, test } from "vitest";
import { Rows } from "../src/app/Rows";
import { speak } from "../src/locale";

afterEach(cleanup);

const TOTAL = 100_000;
const HEIGHT = 40;

async function list() {
  let drawn = 0;
  render(
    <I18nextProvider i18n={speak("en-US")}>
      <QueryClientProvider client={new QueryClient()}>
        <Rows
          label="numbers"
          name={["numbers"]}
          ask={async ({ offset, limit }) => ({
            items: Array.from({ length: Math.min(limit, TOTAL - offset) }, (_, index) => ({
              number: offset + index,
            })),
            total: TOTAL,
          })}
          columns={["number"]}
          keyOf={(item) => item.number}
          cells={(item) => {
            drawn += 1;
            return [`number ${item.number}`];
          }}
          empty={null}
        />
      </QueryClientProvider>
    </I18nextProvider>,
  );
  await screen.findByText("number 0");
  const frame = screen.getByRole("region", { name: "numbers" });
  const scroll = (top: number) => {
    const before = drawn;
    // jsdom lays nothing out: a place is what one says it is.
    Object.defineProperty(frame, "scrollTop", { value: top, configurable: true });
    fireEvent.scroll(frame);
    return drawn - before;
  };
  return { scroll, drawn: () => drawn };
}

test("a turn of the wheel draws only the rows that come into reach", async () => {
  const { scroll } = await list();
  // To the middle of the first hundred, so that nothing is on its way.
  scroll(20 * HEIGHT);
  expect(scroll(20 * HEIGHT + 15)).toBe(0);
  expect(scroll(24 * HEIGHT)).toBe(4);
  expect(scroll(28 * HEIGHT)).toBe(4);
});

test("few rows are there, also after a leap to the middle, and the right ones", async () => {
  const { scroll } = await list();
  expect(document.querySelectorAll("tbody tr").length).toBeLessThan(50);
  scroll(50_000 * HEIGHT);
  await screen.findByText("number 50005");
  expect(document.querySelectorAll("tbody tr").length).toBeLessThan(50);
  expect(screen.queryByText("number 0")).toBeNull();
});

test("each place is covered: what is in sight is drawn wherever one stops", async () => {
  const { scroll } = await list();
  for (const row of [0, 1, 3, 4, 7, 11, 12, 33, 50]) {
    scroll(row * HEIGHT + HEIGHT - 1);
    for (const seen of [row, row + 14]) screen.getByText(`number ${seen}`);
  }
});
