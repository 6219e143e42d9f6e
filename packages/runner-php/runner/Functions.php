<?php

namespace Kernelbox;

/**
 * The functions that cells have defined. PHP cannot define one twice, so each version has a name of its own, and the
 * function with the user's name calls the newest: also for code that was compiled before, and for callables by name.
 */
final class Functions
{
    /** @var array<string, string> the newest version of each function, by its name in lower case */
    public static array $newest = [];
    /** @var array<string, string> the parameters by reference of each function */
    public static array $names = [];
    private static int $count = 0;

    /**
     * Makes sure that there is a function of this name; gives the name for the new version.
     *
     * @param list<array{name: string, isReference: bool, isVariadic: bool}> $parameters
     */
    public static function define(string $name, array $parameters): string
    {
        $key = strtolower($name);
        $shape = implode(',', array_map(fn($parameter) => (int) $parameter['isReference'], $parameters));
        $shape = rtrim($shape, ',0');
        if (isset(self::$names[$key]) && self::$names[$key] !== $shape) {
            throw new \Error("function $name() takes other parameters by reference than before, which PHP cannot change; give it another name or restart the context");
        }
        $version = $name . '__kb' . ++self::$count;
        if (!isset(self::$names[$key])) {
            eval(self::stub($name, $key, $parameters));
            self::$names[$key] = $shape;
        }
        self::$newest[$key] = $version;
        return $version;
    }

    /** Whether a function of this name is one that can be defined again, or a new one. */
    public static function isOurs(string $name): bool
    {
        return isset(self::$names[strtolower($name)]) || !function_exists($name);
    }

    /** @param list<array{name: string, isReference: bool, isVariadic: bool}> $parameters */
    private static function stub(string $name, string $key, array $parameters): string
    {
        $call = "\\Kernelbox\\Functions::\$newest['$key']";
        $references = array_keys(array_filter(array_column($parameters, 'isReference')));
        if ($references === []) {
            return "function $name(...\$__kb) { return ($call)(...\$__kb); }";
        }
        $last = max($references);
        $declared = $passed = '';
        foreach (array_slice($parameters, 0, $last + 1) as ['name' => $parameter, 'isReference' => $is, 'isVariadic' => $many]) {
            if ($many) {
                return "function $name($declared &...\$__kb) { \$__kb_all = [$passed]; foreach (\$__kb as &\$__kb_one) { \$__kb_all[] = &\$__kb_one; } return ($call)(...\$__kb_all); }";
            }
            $declared .= ($is ? '&' : '') . "$parameter = null, ";
            $passed .= ($is ? '&' : '') . "$parameter, ";
        }
        return "function $name($declared ...\$__kb) { return ($call)(...array_slice([$passed], 0, func_num_args()), ...\$__kb); }";
    }
}
