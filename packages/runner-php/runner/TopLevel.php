<?php

namespace Kernelbox;

/** Finds what a cell defines at its top level, in namespaces, too. */
final class TopLevel
{
    private const NAMES = [T_STRING, T_NAME_QUALIFIED, T_NAME_FULLY_QUALIFIED];

    /**
     * @param list<list<\PhpToken>> $statements
     * @return iterable<array{Definition, list<\PhpToken>}> each with its statement
     */
    public static function definitions(array $statements, string $namespace = ''): iterable
    {
        foreach ($statements as $statement) {
            if ($statement[0]->is(T_NAMESPACE)) {
                $isNamed = ($statement[1] ?? null)?->is(self::NAMES) === true;
                $namespace = $isNamed ? $statement[1]->text . '\\' : '';
                if (end($statement)->is('}')) {
                    $inner = array_slice($statement, $isNamed ? 3 : 2, -1);
                    yield from self::definitions(CellSource::statements($inner), $namespace);
                }
                continue;
            }
            foreach (self::of(self::withoutAttributes($statement), $namespace) as [$kind, $name, $key]) {
                $mentioned = $kind === 'classes' ? self::mentioned($statement, $namespace) : [];
                $text = $kind === 'classes' ? implode(' ', array_column($statement, 'text')) : '';
                yield [new Definition($kind, $name, $key, $text, $mentioned, $statement[0]->line), $statement];
            }
        }
    }

    /**
     * @param list<\PhpToken> $statement
     * @return iterable<array{string, string, string}> kind, name, and name as the engine has it
     */
    private static function of(array $statement, string $namespace): iterable
    {
        $first = $statement[0] ?? null;
        if ($first?->is(T_FUNCTION)) {
            $name = $statement[1]->is(T_STRING) ? $statement[1] : $statement[2] ?? null;
            if ($name?->is(T_STRING)) {
                yield ['functions', $namespace . $name->text, strtolower($namespace . $name->text)];
            }
        } elseif ($first?->is(T_CONST)) {
            yield from self::constants($statement, $namespace);
        } elseif ($first?->is(T_STRING) && strtolower($first->text) === 'define' && ($statement[2] ?? null)?->is(T_CONSTANT_ENCAPSED_STRING) && ($statement[3] ?? null)?->is(',')) {
            $name = stripslashes(substr($statement[2]->text, 1, -1));
            yield ['constants', $name, self::constantKey($name)];
        } else {
            foreach ($statement as $index => $token) {
                if ($token->is([T_CLASS, T_INTERFACE, T_TRAIT, T_ENUM]) && ($statement[$index + 1] ?? null)?->is(T_STRING)) {
                    $name = $namespace . $statement[$index + 1]->text;
                    yield ['classes', $name, strtolower($name)];
                }
                if (!$token->is([T_ABSTRACT, T_FINAL, T_READONLY])) {
                    break;
                }
            }
        }
    }

    /**
     * @param list<\PhpToken> $statement
     * @return iterable<array{string, string, string}>
     */
    private static function constants(array $statement, string $namespace): iterable
    {
        $depth = 0;
        foreach ($statement as $index => $token) {
            $depth += $token->is(['(', '[', '{']) ? 1 : ($token->is([')', ']', '}']) ? -1 : 0);
            $isName = $index > 0 && $statement[$index - 1]->is([T_CONST, ',']) && ($statement[$index + 1] ?? null)?->is('=') === true;
            if ($depth === 0 && $isName) {
                $name = $namespace . $token->text;
                yield ['constants', $name, self::constantKey($name)];
            }
        }
    }

    /** The namespaces of constants have no case, their names have. */
    public static function constantKey(string $name): string
    {
        $end = strrpos($name, '\\');
        return $end === false ? $name : strtolower(substr($name, 0, $end)) . substr($name, $end);
    }

    /**
     * @param list<\PhpToken> $statement
     * @return list<\PhpToken>
     */
    private static function withoutAttributes(array $statement): array
    {
        while (($statement[0] ?? null)?->is(T_ATTRIBUTE)) {
            $depth = 0;
            foreach ($statement as $index => $token) {
                $depth += $token->is(['[', T_ATTRIBUTE]) ? 1 : ($token->is(']') ? -1 : 0);
                if ($depth === 0) {
                    break;
                }
            }
            $statement = array_slice($statement, $index + 1);
        }
        return $statement;
    }

    /**
     * @param list<\PhpToken> $statement
     * @return list<string>
     */
    private static function mentioned(array $statement, string $namespace): array
    {
        $names = [];
        foreach ($statement as $token) {
            if ($token->is(self::NAMES)) {
                $name = strtolower(ltrim($token->text, '\\'));
                $names[$name] = $names[strtolower($namespace) . $name] = true;
            }
        }
        return array_map(strval(...), array_keys($names));
    }
}
