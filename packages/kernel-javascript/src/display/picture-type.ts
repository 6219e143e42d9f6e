import { bytesOf } from "./primordials.ts";

/** The MIME type of a picture or document, from its first bytes. */
export function pictureTypeOf(view: ArrayBufferView): string | undefined {
  const bytes = bytesOf(view);
  if (startsWith(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "image/png";
  if (startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return "image/jpeg";
  if (startsWith(bytes, 0, [0x47, 0x49, 0x46, 0x38])) return "image/gif";
  if (startsWith(bytes, 0, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes, 8, [0x57, 0x45, 0x42, 0x50]))
    return "image/webp";
  if (startsWith(bytes, 0, [0x25, 0x50, 0x44, 0x46, 0x2d])) return "application/pdf";
  return undefined;
}

function startsWith(bytes: Uint8Array, at: number, signature: readonly number[]): boolean {
  for (let index = 0; index < signature.length; index += 1) {
    if (bytes[at + index] !== signature[index]) return false;
  }
  return true;
}
