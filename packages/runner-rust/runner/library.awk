# Lists the stable functions of the standard library's types and traits, one a line: TYPE SIGNATURE
# It relies on the form that rustfmt gives the sources: what is in an `impl` or a trait stands four columns in.

/^(const )?(unsafe )?impl/ || /^pub (const )?(unsafe )?(auto )?trait / { head = ""; reading = 1 }
reading {
  head = head " " $0
  if (/[{;]$/) {
    reading = 0
    owner = ""
    text = head
    sub(/^ +/, "", text)
    isTrait = text ~ /^pub /
    sub(/ where .*/, "", text)
    if (isTrait) {
      sub(/^pub (const )?(unsafe )?(auto )?trait /, "", text)
    } else {
      sub(/^(const )?(unsafe )?/, "", text)
      sub(/^impl/, "", text)
      if (text ~ /^</) {
        # The parameters, with what is nested in them.
        depth = 0
        for (at = 1; at <= length(text); at++) {
          c = substr(text, at, 1)
          if (c == "<") depth++
          else if (c == ">" && substr(text, at - 1, 1) != "-" && --depth == 0) break
        }
        text = substr(text, at + 1)
      }
      # Of another trait: those are known by the trait.
      if (text ~ / for /) text = ""
    }
    sub(/^ +/, "", text)
    if (text ~ /^\[[A-Z]\]/) owner = "slice"
    else if (match(text, /^[A-Za-z0-9_]+/)) owner = substr(text, RSTART, RLENGTH)
  }
  next
}
/^}/ { owner = "" }
owner != "" && /^    #\[(unstable|deprecated|doc\(hidden\))/ { hidden = 1 }
/^$/ || (owner != "" && /^    }/) { hidden = 0 }
owner != "" && /^    (pub )?(const )?(unsafe )?(extern "[^"]*" )?fn / && (isTrait || /^    pub /) { signature = ""; inSignature = 1 }
inSignature {
  line = $0
  sub(/^ +/, " ", line)
  signature = signature line
  if (/[{;]$/) {
    inSignature = 0
    sub(/ *[{;]$/, "", signature)
    sub(/^ */, "", signature)
    sub(/^pub /, "", signature)
    gsub(/\( /, "(", signature)
    gsub(/, \)/, ")", signature)
    gsub(/\[const\] /, "", signature)
    sub(/^const /, "", signature)
    if (!hidden) print owner, signature
    if (/;$/) hidden = 0
  }
}
