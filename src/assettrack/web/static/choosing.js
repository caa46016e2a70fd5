// Choosing in a list what the station says.

// A list takes each value as it is: a text alone is sent with its blanks run together, and `KIT  A` is not `KIT A`.
// What the station says may be newer than the list on the page, and is chosen all the same: the page shows what it is.
export function choose(list, value) {
  if (![...list.options].some((option) => option.value === value)) list.add(new Option(value, value));
  list.value = value;
}
