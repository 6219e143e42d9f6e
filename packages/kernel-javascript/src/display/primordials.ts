import { Buffer } from "node:buffer";
import { inspect as nodeInspect, types } from "node:util";

/* oxlint-disable typescript/unbound-method -- they are only ever called through Reflect.apply */

// A cell can replace or break every global and every prototype. What tells of its results is taken from here: as it was
// before the first cell. Arrays are walked by index, because iterators can be broken too.

const { apply } = Reflect;

function uncurried<This, Parameters extends readonly unknown[], Return>(
  method: (this: This, ...parameters: Parameters) => Return,
): (self: This, ...parameters: Parameters) => Return {
  return (self, ...parameters) => apply<This, Parameters, Return>(method, self, parameters);
}

export const inspect: typeof nodeInspect = nodeInspect;
export const isArray: typeof Array.isArray = Array.isArray;
export const create: typeof Object.create = Object.create;
export const defineProperty: typeof Object.defineProperty = Object.defineProperty;
export const getOwnPropertyDescriptor: typeof Object.getOwnPropertyDescriptor = Object.getOwnPropertyDescriptor;
export const getPrototypeOf: typeof Object.getPrototypeOf = Object.getPrototypeOf;
export const keys: typeof Object.keys = Object.keys;
export const getProperty: typeof Reflect.get = Reflect.get;
export const ownKeys: typeof Reflect.ownKeys = Reflect.ownKeys;
export const isFiniteNumber: typeof Number.isFinite = Number.isFinite;
export const isInteger: typeof Number.isInteger = Number.isInteger;
export const min: typeof Math.min = Math.min;
export const max: typeof Math.max = Math.max;
export const callFunction: (method: unknown, self: unknown, parameters: readonly unknown[]) => unknown = (
  method,
  self,
  parameters,
) => apply(method as () => unknown, self, parameters);
export const isAnyArrayBuffer: typeof types.isAnyArrayBuffer = types.isAnyArrayBuffer;
export const isArrayBufferView: typeof types.isArrayBufferView = types.isArrayBufferView;
export const isDate: typeof types.isDate = types.isDate;
export const isMap: typeof types.isMap = types.isMap;
export const isNativeError: typeof types.isNativeError = types.isNativeError;
export const isPromise: typeof types.isPromise = types.isPromise;
export const isProxy: typeof types.isProxy = types.isProxy;
export const isRegExp: typeof types.isRegExp = types.isRegExp;
export const isSet: typeof types.isSet = types.isSet;
export const isTypedArray: typeof types.isTypedArray = types.isTypedArray;
export const isUint8Array: typeof types.isUint8Array = types.isUint8Array;
export const toText: (value: unknown) => string = String;
export const stringIncludes: (text: string, part: string) => boolean = uncurried(String.prototype.includes);
export const stringIndexOf: (text: string, part: string, from?: number) => number = uncurried(String.prototype.indexOf);
export const stringSlice: (text: string, start: number, end?: number) => string = uncurried(String.prototype.slice);
export const stringTrim: (text: string) => string = uncurried(String.prototype.trim);
export const stringLowerCase: (text: string) => string = uncurried(String.prototype.toLowerCase);
export const matchText: (pattern: RegExp, text: string) => RegExpExecArray | null = uncurried(RegExp.prototype.exec);
export const isoStringOf: (date: Date) => string = uncurried(Date.prototype.toISOString);
export const timeOf: (date: Date) => number = uncurried(Date.prototype.getTime);
export const bigintText: (value: bigint) => string = uncurried(BigInt.prototype.toString);
export const eachOfMap: (map: ReadonlyMap<unknown, unknown>, visit: (value: unknown, key: unknown) => void) => void =
  uncurried(Map.prototype.forEach) as never;
export const eachOfSet: (set: ReadonlySet<unknown>, visit: (value: unknown) => void) => void = uncurried(
  Set.prototype.forEach,
) as never;
export const regExpText: (pattern: RegExp) => string = uncurried(RegExp.prototype.toString);
export const thenOf: (
  promise: Promise<unknown>,
  fulfilled: (value: unknown) => unknown,
  rejected: (reason: unknown) => unknown,
) => Promise<unknown> = uncurried(Promise.prototype.then) as never;

const { from } = Buffer;
const bufferText: (buffer: Buffer, encoding: BufferEncoding) => string = uncurried(Buffer.prototype.toString);

/** The bytes of a buffer or view in base64, in one line. */
export function base64Of(view: ArrayBufferView): string {
  return bufferText(from(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength), "base64");
}

/** The same bytes as one more view. */
export function bytesOf(value: ArrayBufferView | ArrayBufferLike): Uint8Array {
  if (isArrayBufferView(value)) return from(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
  return from(value as ArrayBuffer);
}
