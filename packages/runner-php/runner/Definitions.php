<?php

namespace Kernelbox;

/** Something that a cell defines at its top level. */
final class Definition
{
    /**
     * @param 'functions'|'classes'|'constants' $kind
     * @param string $key the name as the engine has it
     * @param list<string> $mentioned other names in it, in lower case
     */
    public function __construct(
        public readonly string $kind,
        public readonly string $name,
        public readonly string $key,
        public readonly string $text,
        public readonly array $mentioned,
        public readonly int $line,
    ) {
    }
}

/** What cells have defined, and what of it the next one defines again. */
final class Definitions
{
    /** @var array<string, array{text: string, cell: string, version: int, parts: array<string, int>}> classes */
    private array $classes = [];
    /** @var list<array{Definition, string, array|null}> what the running cell has replaced, its hidden name, and what was known of it */
    private array $replaced = [];

    public function __construct(private readonly ?Engine $engine)
    {
    }

    /**
     * Makes room for what a cell defines. Classes that it defines as they are stay, with their objects: gives their keys.
     *
     * @param list<Definition> $definitions
     * @return list<string>
     * @throws CannotReplace
     */
    public function begin(array $definitions, string $cell): array
    {
        $this->replaced = [];
        $same = $this->unchanged($definitions);
        foreach ($definitions as $definition) {
            $isClass = $definition->kind === 'classes';
            if ($isClass && in_array($definition->key, $same, true)) {
                continue;
            }
            $known = $isClass ? $this->classes[$definition->key] ?? null : null;
            if (self::isReplaceable($definition)) {
                $this->replace($definition, $known);
            }
            if ($isClass) {
                $version = ($known['version'] ?? 0) + 1;
                $this->classes[$definition->key] = ['text' => $definition->text, 'cell' => $cell, 'version' => $version, 'parts' => []];
            }
        }
        foreach ($definitions as $definition) {
            if ($definition->kind === 'classes') {
                $this->classes[$definition->key]['parts'] = $this->parts($definition);
            }
        }
        if ($this->replaced !== []) {
            $this->engine->forget();
        }
        return $same;
    }

    /** The cell is over. What it has not come to define stays as it was. */
    public function end(): void
    {
        foreach ($this->replaced as [$definition, $hidden, $known]) {
            if (!$this->engine->has($definition->kind, $definition->key)) {
                $this->engine->rename($definition->kind, $hidden, $definition->key);
                if ($known !== null) {
                    $this->classes[$definition->key] = $known;
                }
            }
        }
        $this->replaced = [];
    }

    /**
     * The classes that a cell defines in the same way as before, from the same parts.
     *
     * @param list<Definition> $definitions
     * @return list<string>
     */
    private function unchanged(array $definitions): array
    {
        $same = [];
        foreach ($definitions as $definition) {
            $known = $this->classes[$definition->key] ?? null;
            if ($definition->kind === 'classes' && $known !== null && self::exists($definition->key) && $known['text'] === $definition->text) {
                $same[$definition->key] = $definition;
            }
        }
        $defined = array_column($definitions, 'key');
        do {
            $count = count($same);
            $same = array_filter($same, function (Definition $definition) use ($same, $defined): bool {
                $parts = $this->parts($definition);
                $changing = array_diff(array_intersect(array_keys($parts), $defined), array_keys($same));
                return $changing === [] && $parts === $this->classes[$definition->key]['parts'];
            });
        } while (count($same) < $count);
        return array_keys($same);
    }

    /** @return array<string, int> the classes of cells that are mentioned in a class, and their versions */
    private function parts(Definition $definition): array
    {
        $parts = [];
        foreach ($definition->mentioned as $name) {
            if (isset($this->classes[$name]) && $name !== $definition->key) {
                $parts[$name] = $this->classes[$name]['version'];
            }
        }
        return $parts;
    }

    private function replace(Definition $definition, ?array $known): void
    {
        if ($this->engine !== null) {
            $this->replaced[] = [$definition, $this->engine->rename($definition->kind, $definition->key), $known];
        } elseif ($definition->kind !== 'constants') {
            $where = $known === null ? '' : " in {$known['cell']}";
            throw new CannotReplace("$definition->name is already defined$where, and without its extension ffi this PHP cannot change it; give it another name or restart the context", $definition->line);
        }
    }

    /** Whether there is one already, and not of PHP's own. */
    private static function isReplaceable(Definition $definition): bool
    {
        return match ($definition->kind) {
            'functions' => function_exists($definition->key) && (new \ReflectionFunction($definition->key))->isUserDefined(),
            'classes' => self::exists($definition->key) && (new \ReflectionClass($definition->key))->isUserDefined(),
            'constants' => defined($definition->key) && in_array($definition->key, array_map(TopLevel::constantKey(...), array_keys(get_defined_constants(true)['user'] ?? [])), true),
        };
    }

    private static function exists(string $class): bool
    {
        return class_exists($class, false) || interface_exists($class, false) || trait_exists($class, false);
    }
}

/** A cell defines something again that this PHP cannot change. */
final class CannotReplace extends \Error
{
    public function __construct(string $message, int $line)
    {
        parent::__construct($message);
        $this->line = $line;
    }
}
