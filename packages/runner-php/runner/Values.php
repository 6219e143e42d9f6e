<?php

namespace Kernelbox;

/** What is shown of values. */
final class Values
{
    private const LONGEST_JSON = 1048576;
    private const LONGEST_LINE = 76;
    private const LONGEST_SHORT = 12;
    private const DEEPEST = 8;
    private const MOST_ENTRIES = 1000;
    /** @var list<object> the objects around the one that is being written */
    private static array $shown = [];

    /**
     * A value in the formats that it has: MIME types and content, in turn.
     *
     * @return list<string>
     */
    public static function bundle(mixed $value): array
    {
        if (is_string($value)) {
            return ['text/plain', self::utf8(var_export($value, true)), 'application/vnd.kernelbox.string', self::utf8($value)];
        }
        if ($value instanceof \GdImage) {
            return ['text/plain', self::text($value), 'image/png', self::png($value)];
        }
        $bundle = ['text/plain', self::text($value)];
        if (is_array($value) || $value instanceof \JsonSerializable || $value instanceof \stdClass) {
            $json = self::json($value);
            if ($json !== null) {
                array_push($bundle, 'application/json', $json);
            }
            $table = self::table($value);
            if ($table !== null) {
                array_push($bundle, 'application/vnd.dataresource+json', $table);
            }
        }
        return $bundle;
    }

    /** A value as PHP writes it, as far as it can be written. */
    public static function text(mixed $value, int $depth = 0): string
    {
        return self::utf8(match (true) {
            is_array($value) => self::list($value, '[', ']', $depth, array_is_list($value)),
            $value instanceof \UnitEnum => get_class($value) . '::' . $value->name,
            $value instanceof \DateTimeInterface => get_class($value) . '(' . $value->format('Y-m-d H:i:s.u T') . ')',
            $value instanceof \Closure => 'Closure',
            is_resource($value) => get_resource_type($value) . ' resource',
            is_object($value) => self::object($value, $depth),
            $value === null => 'null',
            default => var_export($value, true),
        });
    }

    /** The bytes of a picture. */
    public static function png(\GdImage $image): string
    {
        ob_start();
        imagepng($image);
        return ob_get_clean();
    }

    public static function json(mixed $value): ?string
    {
        try {
            $json = json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION);
        } catch (\Throwable) {
            return null; // an object of the user's fails to tell what it is
        }
        return $json === false || strlen($json) > self::LONGEST_JSON ? null : $json;
    }

    private static function object(object $value, int $depth): string
    {
        if ($value instanceof \Throwable) {
            return get_class($value) . '(' . var_export($value->getMessage(), true) . ')';
        }
        if ($value instanceof \Stringable || $value instanceof \GMP) {
            return get_class($value) . '(' . var_export((string) $value, true) . ')';
        }
        if (in_array($value, self::$shown, true)) {
            return get_class($value) . ' {*RECURSION*}';
        }
        self::$shown[] = $value;
        try {
            return self::list(self::named(self::properties($value)), get_class($value) . ' {', '}', $depth, false, true);
        } finally {
            array_pop(self::$shown);
        }
    }

    private static function named(array $members): array
    {
        $properties = [];
        foreach ($members as $name => $content) {
            // Private and protected ones have their class before the name, between NULs.
            $parts = explode("\0", (string) $name);
            $properties[end($parts)] = $content;
        }
        return $properties;
    }

    /** What is in an object, also where that is none of its properties. */
    private static function properties(object $value): array
    {
        return match (true) {
            $value instanceof \SplObjectStorage, $value instanceof \WeakMap => self::pairs($value),
            $value instanceof \SplHeap, $value instanceof \SplPriorityQueue, $value instanceof \SplDoublyLinkedList =>
                iterator_to_array(clone $value, false),
            $value instanceof \ArrayObject, $value instanceof \ArrayIterator => $value->getArrayCopy(),
            $value instanceof \SplFixedArray => $value->toArray(),
            default => (array) $value,
        };
    }

    /** @return list<string> an object and what is stored with it */
    private static function pairs(\SplObjectStorage|\WeakMap $map): array
    {
        $pairs = [];
        foreach ($map as $key => $content) {
            $pairs[] = $map instanceof \WeakMap ? [$key, $content] : [$content, $map[$content]];
        }
        return $pairs;
    }

    private static function list(array $values, string $open, string $close, int $depth, bool $isList, bool $isObject = false): string
    {
        if ($depth >= self::DEEPEST) {
            return "{$open}…$close";
        }
        $entries = [];
        foreach (array_slice($values, 0, self::MOST_ENTRIES, true) as $key => $value) {
            $text = self::text($value, $depth + 1);
            $entries[] = match (true) {
                $isList => $text,
                $isObject => "$key: $text",
                default => var_export($key, true) . " => $text",
            };
        }
        if (count($values) > self::MOST_ENTRIES) {
            $entries[] = '… ' . (count($values) - self::MOST_ENTRIES) . ' more';
        }
        $space = $isObject && $entries !== [] ? ' ' : '';
        $line = $open . $space . implode(', ', $entries) . $space . $close;
        if (strlen($line) <= self::LONGEST_LINE && !str_contains($line, "\n")) {
            return $line;
        }
        $lines = $isList ? self::filled($entries) : implode(",\n", $entries);
        return "$open\n    " . str_replace("\n", "\n    ", $lines) . "\n$close";
    }

    /** Short entries, such as numbers, share lines. */
    private static function filled(array $entries): string
    {
        if (max(array_map(strlen(...), $entries)) > self::LONGEST_SHORT || preg_match('/\n/', implode($entries))) {
            return implode(",\n", $entries);
        }
        return wordwrap(implode(', ', $entries), self::LONGEST_LINE);
    }

    /** An array of records with the same keys. */
    private static function table(mixed $rows): ?string
    {
        if (!is_array($rows) || $rows === [] || !array_is_list($rows) || !is_array($rows[0]) || array_is_list($rows[0])) {
            return null;
        }
        $keys = array_keys($rows[0]);
        foreach ($rows as $row) {
            if (!is_array($row) || array_keys($row) !== $keys || array_filter($row, fn($value) => $value !== null && !is_scalar($value))) {
                return null;
            }
        }
        $types = ['integer' => 'integer', 'double' => 'number', 'boolean' => 'boolean'];
        $fields = array_map(fn($key) => ['name' => (string) $key, 'type' => $types[gettype($rows[0][$key])] ?? 'string'], $keys);
        return self::json(['schema' => ['fields' => $fields], 'data' => $rows]);
    }

    private static function utf8(string $text): string
    {
        return preg_match('//u', $text) ? $text : mb_scrub($text, 'UTF-8');
    }
}
