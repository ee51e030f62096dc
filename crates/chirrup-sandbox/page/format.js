// Times, amounts and durations as text.

const UNITS = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

/** Returns a number of seconds as its two largest units, such as `1 h 30 min`. */
export function duration(seconds) {
  let rest = Math.max(0, Math.round(seconds));
  const parts = [];
  for (const [unit, size] of UNITS) {
    if (rest >= size && parts.length < 2) parts.push(`${Math.floor(rest / size)} ${unit}`);
    rest %= size;
  }
  return parts.join(" ") || "0 s";
}

/** Returns the time since a post was written, as a person reads it. */
export function age(time, now) {
  const seconds = (now - time) / 1000;
  if (seconds < 5) return "now";
  if (seconds < 7 * 86400) return duration(seconds).split(" ").slice(0, 2).join(" ");
  return new Date(time).toLocaleDateString("en", { day: "numeric", month: "short", year: "numeric" });
}

/** Returns a time of day in UTC with seconds. */
export const timeOfDay = (time) => new Date(time).toISOString().slice(11, 19);

/** Returns a date in UTC. */
export const date = (time) => new Date(time).toLocaleDateString("en", {
  weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
});

/** Returns a count in at most four characters, such as `12.3K`. */
export const count = (number) => Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(number);
