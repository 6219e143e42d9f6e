/** A `text/plain` beside it is the value of a string: shown without quotes. Its data is the string itself. */
export const stringMimeType = "application/vnd.kernelbox.string";
/** The chart data of a matplotlib figure. */
export const chartMimeType = "application/vnd.kernelbox.chart+json";
/** The rows of a data frame, by the Frictionless table schema. */
export const tableMimeType = "application/vnd.dataresource+json";
