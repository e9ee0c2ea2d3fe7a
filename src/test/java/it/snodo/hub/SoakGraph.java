package it.snodo.hub;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Values over time, one panel under the other, as a PNG. */
final class SoakGraph {

    private static final int WIDTH = 1200;
    private static final int PANEL = 200;
    private static final int LEFT = 70;
    private static final int TOP = 40;

    private record Panel(String name, List<double[]> points) {}

    private final String title;
    private final List<Panel> panels = new ArrayList<>();

    SoakGraph(String title) {
        this.title = title;
    }

    /** @param points seconds and value */
    void panel(String name, List<double[]> points) {
        panels.add(new Panel(name, points));
    }

    void write(Path file) throws IOException {
        BufferedImage image =
                new BufferedImage(WIDTH, TOP + panels.size() * (PANEL + TOP) + 10, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, image.getHeight());
        g.setColor(Color.BLACK);
        g.drawString(title, LEFT, 20);
        double end = panels.stream()
                .flatMap(panel -> panel.points().stream())
                .mapToDouble(point -> point[0])
                .max()
                .orElse(1);
        int y = TOP;
        for (Panel panel : panels) {
            draw(g, panel, y + 20, end);
            y += PANEL + TOP;
        }
        g.dispose();
        Files.createDirectories(file.toAbsolutePath().getParent());
        ImageIO.write(image, "png", file.toFile());
    }

    private static void draw(Graphics2D g, Panel panel, int top, double end) {
        double most =
                panel.points().stream().mapToDouble(point -> point[1]).max().orElse(1);
        double scale = most <= 0 ? 1 : most * 1.05;
        int width = WIDTH - LEFT - 20;
        g.setColor(Color.BLACK);
        g.drawString(panel.name(), LEFT, top - 5);
        g.setStroke(new BasicStroke(1));
        for (int i = 0; i <= 4; i++) {
            int y = top + PANEL - PANEL * i / 4;
            g.setColor(Color.LIGHT_GRAY);
            g.drawLine(LEFT, y, LEFT + width, y);
            g.setColor(Color.BLACK);
            g.drawString(String.valueOf(Math.round(scale * i / 4)), 10, y + 4);
        }
        for (int minute = 0; minute * 60 <= end; minute += Math.max(1, (int) (end / 60 / 12))) {
            int x = LEFT + (int) (width * minute * 60 / end);
            g.drawString(minute + "'", x, top + PANEL + 14);
        }
        g.setColor(new Color(0, 90, 170));
        int lastX = -1;
        int lastY = -1;
        boolean many = panel.points().size() > 1000;
        for (double[] point : panel.points()) {
            int x = LEFT + (int) (width * point[0] / end);
            int y = top + PANEL - (int) (PANEL * point[1] / scale);
            if (many || lastX < 0) {
                g.fillOval(x - 1, y - 1, 3, 3);
            } else {
                g.drawLine(lastX, lastY, x, y);
            }
            lastX = x;
            lastY = y;
        }
    }
}
