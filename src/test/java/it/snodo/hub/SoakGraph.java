package it.snodo.hub;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Values over time, one panel under the other with the same axis of time, as a PNG. */
final class SoakGraph {

    private static final int WIDTH = 1300;
    private static final int PANEL = 140;
    private static final int GAP = 52;
    private static final int LEFT = 90;
    private static final int RIGHT = 30;
    private static final int TOP = 62;
    /** Height of the names of what was done. */
    private static final int NAMES = 130;

    private static final int PLOT = WIDTH - LEFT - RIGHT;
    private static final List<Color> COLORS =
            List.of(new Color(0, 84, 166), new Color(214, 96, 0), new Color(34, 130, 60), new Color(130, 50, 140));
    private static final Color MARK = new Color(200, 30, 30, 110);
    private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Font BOLD = new Font(Font.SANS_SERIF, Font.BOLD, 13);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);

    private record Line(String name, List<double[]> points) {}

    private record Mark(double second, String name) {}

    /** One graph with an axis of its own. */
    static final class Panel {

        private final String name;
        private final String unit;
        private final List<Line> lines = new ArrayList<>();

        private Panel(String name, String unit) {
            this.name = name;
            this.unit = unit;
        }

        /** @param points seconds and value */
        Panel line(String what, List<double[]> points) {
            lines.add(new Line(what, points));
            return this;
        }

        private double highest() {
            return lines.stream()
                    .flatMap(line -> line.points.stream())
                    .mapToDouble(point -> point[1])
                    .max()
                    .orElse(0);
        }
    }

    private final String title;
    private final List<String> under;
    private final double end;
    private final List<Panel> panels = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();

    /** @param seconds how long the axis of time is */
    SoakGraph(String title, double seconds, String... under) {
        this.title = title;
        this.end = seconds;
        this.under = List.of(under);
    }

    Panel panel(String name, String unit) {
        Panel panel = new Panel(name, unit);
        panels.add(panel);
        return panel;
    }

    /** Something that was done to the hub, drawn through all panels. */
    void mark(double second, String name) {
        marks.add(new Mark(second, name));
    }

    void write(Path file) throws IOException {
        BufferedImage image =
                new BufferedImage(WIDTH, TOP + NAMES + panels.size() * (PANEL + GAP) + 20, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, image.getHeight());
        g.setColor(Color.BLACK);
        g.setFont(TITLE);
        g.drawString(title, LEFT, 24);
        g.setFont(PLAIN);
        for (int i = 0; i < under.size(); i++) {
            g.drawString(under.get(i), LEFT, 43 + 16 * i);
        }
        names(g, TOP + NAMES);
        int top = TOP + NAMES + 34;
        for (int i = 0; i < panels.size(); i++) {
            draw(g, panels.get(i), top, i == panels.size() - 1);
            top += PANEL + GAP;
        }
        g.dispose();
        Files.createDirectories(file.toAbsolutePath().getParent());
        ImageIO.write(image, "png", file.toFile());
    }

    /** What was done, over the line that says when, upright. */
    private void names(Graphics2D g, int bottom) {
        g.setFont(PLAIN.deriveFont(10f));
        g.setColor(new Color(170, 20, 20));
        for (Mark mark : marks) {
            int x = x(mark.second);
            AffineTransform level = g.getTransform();
            g.rotate(-Math.PI / 2, x, bottom);
            g.drawString(mark.name, x + 2, bottom + 4);
            g.setTransform(level);
        }
    }

    private int x(double second) {
        return LEFT + (int) Math.round(PLOT * Math.min(second, end) / end);
    }

    private void draw(Graphics2D g, Panel panel, int top, boolean last) {
        double step = step(panel.highest(), 5);
        int steps = Math.max(1, (int) Math.ceil(panel.highest() * 1.02 / step));
        double scale = step * steps;
        g.setFont(PLAIN);
        g.setStroke(new BasicStroke(1));
        for (int i = 0; i <= steps; i++) {
            int y = top + PANEL - PANEL * i / steps;
            g.setColor(new Color(225, 225, 225));
            g.drawLine(LEFT, y, LEFT + PLOT, y);
            g.setColor(Color.BLACK);
            String value = number(step * i);
            g.drawString(value, LEFT - 8 - g.getFontMetrics().stringWidth(value), y + 4);
        }
        timeAxis(g, top, last);
        for (Mark mark : marks) {
            int x = x(mark.second);
            g.setColor(MARK);
            g.setStroke(new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, new float[] {4, 3}, 0));
            g.drawLine(x, top, x, top + PANEL);
        }
        g.setColor(Color.BLACK);
        g.setStroke(new BasicStroke(1));
        g.drawRect(LEFT, top, PLOT, PANEL);
        g.setFont(BOLD);
        g.drawString(panel.name + " [" + panel.unit + "]", LEFT, top - 8);
        legend(g, panel, top - 8);
        for (int i = 0; i < panel.lines.size(); i++) {
            g.setColor(COLORS.get(i % COLORS.size()));
            g.setStroke(new BasicStroke(1.5f));
            double[] before = null;
            for (double[] point : panel.lines.get(i).points) {
                int y = top + PANEL - (int) Math.round(PANEL * point[1] / scale);
                if (before == null) {
                    g.fillOval(x(point[0]) - 1, y - 1, 3, 3);
                } else {
                    g.drawLine(x(before[0]), top + PANEL - (int) Math.round(PANEL * before[1] / scale), x(point[0]), y);
                }
                before = point;
            }
        }
    }

    private void timeAxis(Graphics2D g, int top, boolean named) {
        double step = Math.max(step(end / 60, 12), end > 300 ? 1 : 0.5);
        for (double minute = 0; minute * 60 <= end + 0.001; minute += step) {
            int x = x(minute * 60);
            g.setColor(new Color(235, 235, 235));
            g.drawLine(x, top, x, top + PANEL);
            g.setColor(Color.BLACK);
            g.drawLine(x, top + PANEL, x, top + PANEL + 4);
            String value = number(minute);
            g.drawString(value, x - g.getFontMetrics().stringWidth(value) / 2, top + PANEL + 17);
        }
        if (named) {
            String what = "minutes since the load began";
            g.drawString(what, LEFT + (PLOT - g.getFontMetrics().stringWidth(what)) / 2, top + PANEL + 34);
        }
    }

    private void legend(Graphics2D g, Panel panel, int y) {
        g.setFont(PLAIN);
        int x = LEFT + PLOT;
        if (!marks.isEmpty()) {
            x = entry(g, "a partner begins to fail", MARK, x, y);
        }
        for (int i = panel.lines.size() - 1; i >= 0; i--) {
            x = entry(g, panel.lines.get(i).name, COLORS.get(i % COLORS.size()), x, y);
        }
    }

    /** @return where the next one on its left ends */
    private static int entry(Graphics2D g, String name, Color color, int right, int y) {
        int x = right - g.getFontMetrics().stringWidth(name);
        g.setColor(Color.BLACK);
        g.drawString(name, x, y);
        g.setColor(color);
        g.setStroke(new BasicStroke(3));
        g.drawLine(x - 24, y - 4, x - 6, y - 4);
        return x - 40;
    }

    /** A round number (1, 2, 5, times a power of ten) that goes into it about so many times. */
    private static double step(double highest, int times) {
        if (highest <= 0) {
            return 1;
        }
        double rough = highest / times;
        double ten = Math.pow(10, Math.floor(Math.log10(rough)));
        for (int factor : new int[] {1, 2, 5}) {
            if (factor * ten >= rough * 0.999) {
                return factor * ten;
            }
        }
        return 10 * ten;
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.valueOf((long) value)
                : String.format(Locale.ROOT, "%.2f", value).replaceAll("0$", "");
    }
}
