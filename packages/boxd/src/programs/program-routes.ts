import type { ProgramRecipe } from "@kernelbox/protocol";
import { FailureError } from "../failure-error.ts";
import type { Route } from "../http/router.ts";
import { sendJson } from "../http/send-json.ts";
import type { Kernelspec } from "../kernels/kernelspecs.ts";
import { languagesOf } from "../kernels/languages.ts";

/** The kernels of the box. */
export type ProgramKernels = {
  readonly kernelspecs: () => readonly Kernelspec[];
  readonly resolve: (language: string) => Kernelspec;
};

/** The routes under `/kernelbox/programs`. */
export function programRoutes(kernels: ProgramKernels): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/kernelbox/programs/:language",
      handle: async ({ response, parameters }) => {
        sendJson(response, 200, recipeFor(kernels, parameters["language"] ?? ""));
      },
    },
  ];
}

/** How programs of a language are run here, with the places of this box filled in. */
function recipeFor(kernels: ProgramKernels, language: string): ProgramRecipe {
  const spec = kernels.resolve(language);
  if (spec.program === undefined) {
    const able = languagesOf(kernels.kernelspecs().filter((candidate) => candidate.program !== undefined));
    throw new FailureError(
      "capability-unsupported",
      `whole programs in ${spec.language} cannot be run in this box; it runs those in ${able.join(", ") || "no language"}`,
      { details: { language: spec.language, available: able } },
    );
  }
  const { compile, ...recipe } = spec.program;
  const filledIn = (command: readonly string[]): string[] => command.map((part) => withPlaces(part, spec.directory));
  return { ...recipe, ...(compile && { compile: filledIn(compile) }), run: filledIn(recipe.run) };
}

/** A recipe may name the Node that runs boxd, and files beside its kernelspec. */
function withPlaces(argument: string, directory: string): string {
  return argument.replaceAll("{node}", process.execPath).replaceAll("{resource_dir}", directory);
}
