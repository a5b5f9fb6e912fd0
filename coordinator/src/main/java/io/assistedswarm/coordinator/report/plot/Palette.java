package io.assistedswarm.coordinator.report.plot;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The 256 colours that an image uses most. With no more than those its file is a third as big. */
final class Palette {
    private static final int MOST = 256;

    /** Colours that differ by less are one: six bits of red, green and blue. */
    private static final int SHADES = 1 << 18;

    private final int[] colours;

    private Palette(int[] colours) {
        this.colours = colours;
    }

    /** The same image in those colours; each other one is replaced by the one that is nearest. */
    static BufferedImage reduced(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        int[] counts = new int[SHADES];
        int[] seen = new int[SHADES];
        for (int pixel : pixels) {
            if (counts[shade(pixel)]++ == 0) {
                seen[shade(pixel)] = pixel;
            }
        }
        List<Integer> used = IntStream.range(0, SHADES)
                .filter(shade -> counts[shade] > 0)
                .boxed()
                .sorted(Comparator.comparingInt((Integer shade) -> -counts[shade]))
                .toList();
        Palette palette = new Palette(
                used.stream().limit(MOST).mapToInt(shade -> seen[shade]).toArray());
        int[] nearest = new int[SHADES];
        used.forEach(shade -> nearest[shade] = palette.nearest(seen[shade]));
        BufferedImage reduced = new BufferedImage(
                image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, palette.model());
        int[] indexes =
                Arrays.stream(pixels).map(pixel -> nearest[shade(pixel)]).toArray();
        reduced.getRaster().setPixels(0, 0, image.getWidth(), image.getHeight(), indexes);
        return reduced;
    }

    private static int shade(int colour) {
        return (((colour >> 18) & 0x3f) << 12) | (((colour >> 10) & 0x3f) << 6) | ((colour >> 2) & 0x3f);
    }

    private IndexColorModel model() {
        byte[][] parts = new byte[3][colours.length];
        for (int i = 0; i < colours.length; i++) {
            for (int part = 0; part < 3; part++) {
                parts[part][i] = (byte) part(colours[i], part);
            }
        }
        return new IndexColorModel(8, colours.length, parts[0], parts[1], parts[2]);
    }

    private int nearest(int colour) {
        int best = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < colours.length && least > 0; i++) {
            int distance = 0;
            for (int part = 0; part < 3; part++) {
                int difference = part(colours[i], part) - part(colour, part);
                distance += difference * difference;
            }
            if (distance < least) {
                least = distance;
                best = i;
            }
        }
        return best;
    }

    private static int part(int colour, int part) {
        return (colour >> (16 - 8 * part)) & 0xff;
    }
}
