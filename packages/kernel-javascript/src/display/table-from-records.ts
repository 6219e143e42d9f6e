import type { JsonValue } from "@kernelbox/kernel-host";
import { isPlainObject, jsonFromValue, readProperty } from "./json-from-value.ts";
import { create, isArray, isDate, isInteger, keys, min } from "./primordials.ts";

const maxRows = 1000;
const maxCharacters = 1024 * 1024;

type FieldType = "integer" | "number" | "boolean" | "string" | "datetime" | "any";

/**
 * Rows and their schema of an array of flat records, such as `[{ a: 1, b: "x" }, …]`: what a data frame is in Python.
 * At most 1,000 rows and 1 MiB; then `truncated` and `totalRows` say so.
 *
 * @returns `undefined` for anything else.
 */
export function tableFromRecords(value: unknown): JsonValue | undefined {
  if (!isArray(value) || value.length === 0) return undefined;
  const count = min(value.length, maxRows);
  const types = create(null) as Record<string, FieldType>;
  const names: string[] = [];
  const rows: JsonValue[] = [];
  let left = maxCharacters;
  for (let index = 0; index < count && left > 0; index += 1) {
    const row = rowFrom(value[index], types, names);
    if (row === undefined) return undefined;
    rows[index] = row.json;
    left -= row.size;
  }
  if (names.length === 0) return undefined;
  const fields: JsonValue[] = [];
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? "";
    fields[index] = { name, type: types[name] ?? "any" };
  }
  const table = { schema: { fields }, data: rows };
  return rows.length === value.length ? table : { ...table, truncated: true, totalRows: value.length };
}

function rowFrom(
  record: unknown,
  types: Record<string, FieldType>,
  names: string[],
): { readonly json: JsonValue; readonly size: number } | undefined {
  if (!isPlainObject(record)) return undefined;
  const own = keys(record);
  let size = 2;
  for (let index = 0; index < own.length; index += 1) {
    const name = own[index] ?? "";
    const cell = readProperty(record, name);
    const type = "value" in cell ? typeOf(cell.value) : undefined;
    if (type === undefined) return undefined;
    size += name.length + 12 + ("value" in cell && typeof cell.value === "string" ? cell.value.length : 8);
    const known = types[name];
    if (known === undefined && !(name in types)) names[names.length] = name;
    if (type !== "nothing") types[name] = known === undefined ? type : common(known, type);
    else if (known === undefined) (types as Record<string, FieldType | undefined>)[name] = undefined;
  }
  return { json: jsonFromValue(record, { maxCharacters, maxDepth: 2 }).value, size };
}

function typeOf(value: unknown): FieldType | "nothing" | undefined {
  switch (typeof value) {
    case "number":
      return isInteger(value) ? "integer" : "number";
    case "boolean":
      return "boolean";
    case "string":
    case "bigint":
      return "string";
    case "undefined":
      return "nothing";
    default:
      if (value === null) return "nothing";
      return isDate(value) ? "datetime" : undefined;
  }
}

function common(a: FieldType, b: FieldType): FieldType {
  if (a === b) return a;
  const isNumeric = (type: FieldType): boolean => type === "integer" || type === "number";
  return isNumeric(a) && isNumeric(b) ? "number" : "any";
}
