package io.assistedswarm.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.WorkerCommand.LogChunk;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.TestingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {
    private static final int ALL = 1 << 20;

    @TempDir
    private Path folder;

    private final LogFiles logs = new LogFiles(20);

    @Test
    void readsFromAnOffsetToTheEnd() throws IOException {
        append("one\ntwo\nthree\n");
        assertThat(logs.read(file(), 0, ALL)).isEqualTo(new LogChunk("one\ntwo\nthree\n", 14));
        assertThat(logs.read(file(), 4, ALL)).isEqualTo(new LogChunk("two\nthree\n", 14));
        assertThat(logs.read(file(), 14, ALL)).isEqualTo(new LogChunk("", 14));
        assertThat(logs.read(file(), 99, ALL)).isEqualTo(new LogChunk("", 14));
    }

    @Test
    void readsWholeLinesAsFarAsThereAreAny() throws IOException {
        append("one\ntwo\nthree\n");
        assertThat(logs.read(file(), 0, 6)).isEqualTo(new LogChunk("one\n", 4));
        assertThat(logs.read(file(), 8, 3)).isEqualTo(new LogChunk("thr", 11));
    }

    @Test
    void readsTheLastWholeLines() throws IOException {
        append("one\ntwo\nthree\n");
        assertThat(logs.read(file(), -8, ALL)).isEqualTo(new LogChunk("three\n", 14));
        assertThat(logs.read(file(), -99, ALL)).isEqualTo(new LogChunk("one\ntwo\nthree\n", 14));
    }

    @Test
    void failsWhenNothingHasBeenWrittenYet() {
        assertThatThrownBy(() -> logs.read(file(), 0, ALL)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void leavesAFileBelowItsLimitAlone() throws IOException {
        append("12345678901234567890");
        logs.watch(file());
        logs.cutAll();
        assertThat(file()).hasSize(20);
        assertThat(older()).doesNotExist();
    }

    @Test
    void keepsTheLastPartOfAFileOverItsLimit() throws IOException {
        append("0123456789\n0123456789\n0123456789\n");
        logs.watch(file());
        logs.cutAll();
        assertThat(file()).isEmptyFile();
        assertThat(older()).hasContent("23456789\n0123456789\n");
    }

    @Test
    void saysWhoseFileItCannotCut() throws IOException {
        Map<String, String> ids = LogIds.of(Samples.singleNode().host(0));
        append("0123456789\n0123456789\n0123456789\n");
        LogIds.with(ids, () -> logs.watch(file()));
        // In the way of the part that is to be kept.
        Files.createDirectories(folder.resolve(file().getFileName() + ".part/full"));
        try (TestingLog log = new TestingLog()) {
            logs.cutAll();
            assertThat(log.idsOfLineWith("cannot cut")).isEqualTo(ids);
        }
    }

    @Test
    void aReaderGoesOnThroughACut() throws IOException {
        append("aaaaaaaaa\nbbbbbbbbb\nccccccccc\n");
        logs.watch(file());
        LogChunk before = logs.read(file(), 0, 12);
        assertThat(before).isEqualTo(new LogChunk("aaaaaaaaa\n", 10));
        logs.cutAll();
        append("ddd\n");
        LogChunk first = logs.read(file(), before.nextOffset(), ALL);
        assertThat(first).isEqualTo(new LogChunk("bbbbbbbbb\nccccccccc\n", 30));
        assertThat(logs.read(file(), first.nextOffset(), ALL)).isEqualTo(new LogChunk("ddd\n", 34));
    }

    @Test
    void aReaderWhoseLinesAreGoneGoesOnWithTheOldestThereAre() throws IOException {
        logs.watch(file());
        for (String line : new String[] {"aaaaaaaaa\n", "bbbbbbbbb\n", "ccccccccc\n"}) {
            append(line + line + line);
            logs.cutAll();
        }
        append("ddd\n");
        assertThat(logs.read(file(), 0, ALL)).isEqualTo(new LogChunk("ccccccccc\nccccccccc\n", 90));
        assertThat(logs.read(file(), -4, ALL).nextOffset()).isEqualTo(94);
    }

    @Test
    void forgetsAFileThatIsGone() throws IOException {
        append("0123456789\n0123456789\n0123456789\n");
        logs.watch(file());
        logs.cutAll();
        Files.delete(file());
        logs.cutAll();
        append("new\n");
        assertThat(logs.read(file(), 0, ALL)).isEqualTo(new LogChunk("new\n", 4));
    }

    private Path file() {
        return folder.resolve("agent.log");
    }

    private Path older() {
        return folder.resolve("agent.log.1");
    }

    private void append(String text) throws IOException {
        Files.writeString(file(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
