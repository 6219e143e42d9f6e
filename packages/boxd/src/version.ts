/** boxd's version, as health tells it. A test holds it equal to the package's. */
export const boxdVersion: string = "0.1.0";
