package io.dyad.traceability;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A test named after a rule: tagged {@code CP-1}, or with {@code CP_1} in the name of its method. A tagged type has no method here. */
record NamedTest(String rule, String type, String method) {
    private static final Pattern DECLARED = Pattern.compile(
        "@Tag\\(\"(?<tag>[A-Z]{2}-\\d+)\"\\)"
            + "|\\b(?:class|interface|record|enum)\\s+(?<type>\\w+)"
            + "|\\b(?:void|boolean|[A-Z][\\w.]*(?:<[^(]*>)?)\\s+(?<method>\\w+)\\s*\\(");
    private static final Pattern SILENT = Pattern.compile(
        "(@Tag\\(\"[^\"\\\\]*\"\\))"
            + "|/\\*.*?\\*/|//[^\n]*|\"\"\".*?\"\"\""
            + "|\"[^\"\\\\\n]*+(?:\\\\.[^\"\\\\\n]*+)*+\"|'(?:\\\\.|[^'\\\\\n])'", Pattern.DOTALL);
    private static final Pattern NAMED = Pattern.compile("(?<![A-Za-z0-9])(CP|VP|FO|MS|LI|ER)_(\\d+)(?=_|$)");

    /** The named tests of one Java source, in its order. */
    static List<NamedTest> in(String source) {
        List<NamedTest> found = new ArrayList<>();
        Set<String> tags = new TreeSet<>();
        String type = "";
        for (MatchResult declared : DECLARED.matcher(withoutCommentsAndText(source)).results().toList()) {
            if (declared.group("tag") != null) {
                tags.add(declared.group("tag"));
                continue;
            }
            boolean isType = declared.group("type") != null;
            if (isType) type = declared.group("type");
            String method = isType ? "" : declared.group("method");
            NAMED.matcher(method).results().forEach(m -> tags.add(m.group(1) + "-" + m.group(2)));
            for (String rule : tags) found.add(new NamedTest(rule, type, method));
            tags.clear();
        }
        return found;
    }

    /** As a sentence. */
    String says() { return method.isEmpty() ? "all of it" : NAMED.matcher(method).replaceAll("").replaceAll("_+", " ").strip(); }

    private static String withoutCommentsAndText(String source) { return SILENT.matcher(source).replaceAll("$1"); }
}
