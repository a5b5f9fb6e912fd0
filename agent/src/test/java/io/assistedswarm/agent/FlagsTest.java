package io.assistedswarm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class FlagsTest {
    private static Flags flags(String... arguments) throws UsageException {
        return new Flags("agent")
                .texts("url", "name")
                .lists("disk")
                .numbers("interval")
                .switches("insecure")
                .parse(List.of(arguments));
    }

    @Test
    void takesOneDashOrTwoAndBothFormsOfAValue() throws UsageException {
        Flags flags = flags("--url", "http://a", "-name=b", "-interval", "5");
        assertThat(flags.text("url", "")).isEqualTo("http://a");
        assertThat(flags.text("name", "")).isEqualTo("b");
        assertThat(flags.number("interval", 60)).isEqualTo(5);
    }

    @Test
    void takesTheLastOfSeveralAndAllOfAList() throws UsageException {
        Flags flags = flags("--url", "a", "--url", "b", "--disk", "x", "--disk=y");
        assertThat(flags.text("url", "")).isEqualTo("b");
        assertThat(flags.list("disk")).containsExactly("x", "y");
    }

    @Test
    void aBooleanStandsAloneOrHasItsValueAfterAnEqualsSign() throws UsageException {
        assertThat(flags("--insecure").isOn("insecure", false)).isTrue();
        assertThat(flags("-insecure=false").isOn("insecure", true)).isFalse();
        // As in Go, the word after it is no value but ends the flags.
        Flags flags = flags("--insecure", "false", "--url", "x");
        assertThat(flags.isOn("insecure", false)).isTrue();
        assertThat(flags.text("url", "none")).isEqualTo("none");
    }

    @Test
    void refusesWhatItDoesNotKnowWithExitCode2() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> flags("--urll", "x"))
                .withMessageContaining("not defined: -urll")
                .returns(2, UsageException::exitCode);
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> flags("--interval", "soon"))
                .withMessageContaining("invalid value \"soon\"")
                .returns(2, UsageException::exitCode);
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> flags("--url"))
                .withMessageContaining("needs an argument")
                .returns(2, UsageException::exitCode);
    }
}
