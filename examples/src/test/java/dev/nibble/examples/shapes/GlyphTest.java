package dev.nibble.examples.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.awt.geom.Area;
import java.awt.geom.PathIterator;
import java.util.Arrays;

class GlyphTest {
    @Test
    void labelsAreInTheOrderOfSortedFolders() {
        assertThat(Arrays.stream(Glyph.values()).map(Glyph::label)).isSorted().hasSize(10);
    }

    @ParameterizedTest
    @EnumSource
    void outlinesStayNearTheUnitCircle(Glyph glyph) {
        double[] point = new double[6];
        PathIterator path = glyph.outline().getPathIterator(null, 0.001);
        while (!path.isDone()) {
            if (path.currentSegment(point) != PathIterator.SEG_CLOSE) {
                assertThat(Math.hypot(point[0], point[1])).isLessThan(1.1);
            }
            path.next();
        }
    }

    @ParameterizedTest
    @EnumSource
    void outlinesEncloseOneArea(Glyph glyph) {
        Area area = new Area(glyph.outline());

        assertThat(area.isSingular()).isTrue();
        assertThat(area.getBounds2D().getHeight()).isBetween(1.3, 2.02);
    }
}
