/** The version of everything in this package. Box and SDK say theirs when they meet and refuse to work with another. */
export const protocolVersion = 1;
