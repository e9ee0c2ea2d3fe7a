package it.snodo.demo;

import java.util.ArrayList;
import java.util.List;

/** Text tables and boxes for a terminal. */
final class Tables {

    private Tables() {}

    static String box(List<String> lines) {
        int width = lines.stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text =
                new StringBuilder("\n╔").append("═".repeat(width + 2)).append("╗\n");
        for (String line : lines) {
            text.append("║ ").append(pad(line, width)).append(" ║\n");
        }
        return text.append("╚").append("═".repeat(width + 2)).append("╝").toString();
    }

    static String table(List<String> head, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>(rows);
        all.add(0, head);
        int[] widths = new int[head.size()];
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder("\n");
        for (int r = 0; r < all.size(); r++) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(i == 0 ? "" : " │ ").append(pad(all.get(r).get(i), widths[i]));
            }
            text.append(line.toString().stripTrailing()).append('\n');
            if (r == 0) {
                for (int i = 0; i < widths.length; i++) {
                    text.append(i == 0 ? "" : "─┼─").append("─".repeat(widths[i]));
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
