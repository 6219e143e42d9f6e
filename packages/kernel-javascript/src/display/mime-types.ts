/** A string as it is, beside its quoted form: `result.text` of Kernelbox prefers it. */
export const stringMimeType = "application/vnd.kernelbox.string";
/** Rows and their schema, by the Frictionless Data standard. */
export const tableMimeType = "application/vnd.dataresource+json";
/** A figure of Plotly. */
export const plotlyMimeType = "application/vnd.plotly.v1+json";
