package io.assistedswarm.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.SerializationTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.serialization.DisabledJavaSerializer;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every message between coordinator and workers, found and filled by reflection, so that a new one cannot be forgotten. */
class WireMessagesTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create();
    private static final SerializationTestKit SERIALIZATION = TEST_KIT.serializationTestKit();

    /** As many as the widest sealed type or enum that should be seen in all its forms, plus an empty one. */
    private static final int VARIANTS = 4;

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    static Stream<Class<?>> messageTypes() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.assistedswarm.protocol")
                        .stream()
                        .filter(type -> type.isAssignableTo(WireMessage.class) && !type.isInterface())
                        .map(JavaClass::reflect);
    }

    @ParameterizedTest
    @MethodSource("messageTypes")
    void comesOutAsItWentIn(Class<?> type) {
        IntStream.range(0, VARIANTS).forEach(variant -> {
            Object message = instance(type, variant);
            assertThat(SERIALIZATION.verifySerialization(message, true)).isEqualTo(message);
        });
    }

    /** Each could be made of an empty object, if only its name on the wire were enough. */
    @ParameterizedTest
    @ValueSource(classes = {HashMap.class, NotOnTheList.class})
    void aClassThatIsNotOnTheListIsNotRead(Class<?> type) throws Exception {
        Serialization serialization = SerializationExtension.get(TEST_KIT.system());
        int cbor = serialization
                .serializerFor(CoordinatorCommand.WorkerReported.class)
                .identifier();
        byte[] emptyObject = {(byte) 0xA0};

        assertThatThrownBy(() -> serialization
                        .deserialize(emptyObject, cbor, type.getName())
                        .get())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Only classes that are listed as allowed are allowed");
    }

    @Test
    void nothingIsWrittenByJavaSerialization() {
        Serialization serialization = SerializationExtension.get(TEST_KIT.system());

        assertThatThrownBy(() ->
                        serialization.serialize(new HashMap<>(Map.of("a", "b"))).get())
                .isInstanceOf(DisabledJavaSerializer.JavaSerializationException.class);
    }

    record NotOnTheList() {}

    @ParameterizedTest
    @MethodSource("messageTypes")
    void isARecordOrAnEnum(Class<?> type) {
        assertThat(type.isRecord() || type.isEnum())
                .as("%s compares by value", type)
                .isTrue();
    }

    @Test
    void findsTheMessagesOfEverySealedCommand() {
        List<Class<?>> found = messageTypes().toList();
        Stream.of(ClusterCommand.class, HostCommand.class, WorkerCommand.class, CoordinatorCommand.class)
                .forEach(command -> assertThat(found).contains(command.getPermittedSubclasses()));
    }

    @Test
    void answersCrossTheWireWithTheirStatus() {
        Object description = instance(Description.class, 0);
        StatusReply<?> success = SERIALIZATION.verifySerialization(StatusReply.success(description), false);
        assertThat(success.getValue()).isEqualTo(description);
        StatusReply<Done> refusal = SERIALIZATION.verifySerialization(StatusReply.<Done>error("not open"), false);
        assertThat(refusal.getError()).hasMessage("not open");
    }

    private static Object value(Type type, int variant) {
        if (type instanceof ParameterizedType generic) {
            return switch (generic.getRawType().getTypeName()) {
                case "java.util.List" ->
                    IntStream.rangeClosed(0, variant % 2)
                            .mapToObj(i -> value(generic.getActualTypeArguments()[0], variant + i))
                            .toList();
                case "java.util.Set" -> Set.of(value(generic.getActualTypeArguments()[0], variant));
                case "java.util.Map" ->
                    Map.of(
                            value(generic.getActualTypeArguments()[0], variant),
                            value(generic.getActualTypeArguments()[1], variant));
                case "java.util.Optional" ->
                    variant % 2 == 0
                            ? Optional.of(value(generic.getActualTypeArguments()[0], variant))
                            : Optional.empty();
                default -> {
                    assertThat(generic.getRawType()).isEqualTo(ActorRef.class);
                    yield TEST_KIT.<Object>createTestProbe().ref();
                }
            };
        }
        return instance((Class<?>) type, variant);
    }

    private static Object instance(Class<?> type, int variant) {
        if (type == String.class) {
            return variant == VARIANTS - 1 ? "x" : "text-" + variant;
        } else if (type == int.class || type == Integer.class) {
            return variant + 1;
        } else if (type == long.class || type == Long.class) {
            return (1L << 40) + variant;
        } else if (type == double.class || type == Double.class) {
            return variant / 3.0;
        } else if (type == boolean.class) {
            return variant % 2 == 0;
        } else if (type == Instant.class) {
            return Instant.parse("2026-11-23T03:20:00.123456789Z").plusSeconds(variant);
        } else if (type == Duration.class) {
            return Duration.ofMillis(1_500L * variant);
        } else if (type == Secret.class) {
            return new Secret("{\"auths\":{}}");
        } else if (type.isEnum()) {
            return type.getEnumConstants()[variant % type.getEnumConstants().length];
        } else if (type.isSealed()) {
            Class<?>[] forms = type.getPermittedSubclasses();
            return instance(forms[variant % forms.length], variant);
        } else {
            return record(type, variant);
        }
    }

    private static Object record(Class<?> type, int variant) {
        RecordComponent[] components = type.getRecordComponents();
        assertThat(components)
                .as("%s is a record, or this test is to be told how to make one", type)
                .isNotNull();
        try {
            var constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(Arrays.stream(components)
                    .map(component -> value(component.getGenericType(), variant))
                    .toArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot make a " + type, e);
        }
    }
}
