/** The version of this package. A test holds it equal to the package's. */
export const version: string = "0.1.0";
