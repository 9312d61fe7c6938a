/** Where the page of a user stands, as of a moment or, without one, now. An id may hold anything. */
export const userAt = (user: string, at?: string): string =>
  `/users?${new URLSearchParams({ user, ...(at === undefined ? {} : { at }) })}`;
