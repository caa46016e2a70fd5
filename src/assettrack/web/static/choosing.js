// Choosing in a list what the station says.

// What the station says may be newer than the list on the page, and is chosen all the same: the page shows what it is.
export function choose(list, value) {
  if (![...list.options].some((option) => option.value === value)) list.add(new Option(value));
  list.value = value;
}
