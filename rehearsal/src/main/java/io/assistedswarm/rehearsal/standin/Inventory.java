package io.assistedswarm.rehearsal.standin;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The machine a fake host claims to be: one physical NIC with the forced addresses, and hardware that passes the service's default
 * requirements for every role. Keys are those of the recordings.
 */
record Inventory(String hostname, String mac, String ipv4) {
    static final String NIC = "eth0";
    private static final long GIB = 1L << 30;
    private static final String CPU_FLAGS =
            "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr"
                    + " sse sse2 ss ht syscall nx pdpe1gb rdtscp lm constant_tsc rep_good nopl xtopology nonstop_tsc cpuid"
                    + " tsc_known_freq pni pclmulqdq ssse3 fma cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt tsc_deadline_timer aes"
                    + " xsave avx f16c rdrand hypervisor lahf_lm abm 3dnowprefetch cpuid_fault fsgsbase tsc_adjust bmi1 avx2 smep"
                    + " bmi2 erms invpcid avx512f avx512dq rdseed adx smap avx512ifma clflushopt clwb avx512cd sha_ni avx512bw"
                    + " avx512vl xsaveopt xsavec xgetbv1 xsaves avx512vbmi umip gfni vaes vpclmulqdq avx512_vnni rdpid fsrm";

    Map<String, Object> json() {
        return Json.object(
                "bmc_address", "0.0.0.0",
                "bmc_v6address", "::/0",
                "boot", boot(),
                "cpu", cpu(),
                "disks", List.of(disk()),
                "gpus", List.of(),
                "hostname", hostname,
                "interfaces", List.of(nic()),
                "memory", memory(),
                "routes", routes(),
                "system_vendor", vendor(),
                "tpm_version", "none");
    }

    private static Map<String, Object> boot() {
        return Json.object(
                "command_line", "console=ttyS0 quiet\n",
                "current_boot_mode", "bios",
                "secure_boot_state", "NotSupported");
    }

    private static Map<String, Object> cpu() {
        return Json.object(
                "architecture",
                "x86_64",
                "count",
                16,
                "flags",
                Arrays.asList(CPU_FLAGS.split(" ")),
                "model_name",
                "Stand-in Processor");
    }

    private static Map<String, Object> disk() {
        return Json.object(
                "drive_type", "HDD",
                "has_uuid", true,
                "id", "/dev/vda",
                "installation_eligibility", Json.object("eligible", true, "not_eligible_reasons", null),
                "name", "vda",
                "path", "/dev/vda",
                "size_bytes", 256 * GIB,
                "vendor", "0x1af4");
    }

    private Map<String, Object> nic() {
        return Json.object(
                "flags",
                List.of("up", "broadcast", "running"),
                "has_carrier",
                true,
                "ipv4_addresses",
                List.of(ipv4),
                "ipv6_addresses",
                List.of(),
                "mac_address",
                mac,
                "mtu",
                1500,
                "name",
                NIC,
                "type",
                "physical");
    }

    private static Map<String, Object> memory() {
        return Json.object(
                "physical_bytes", 64 * GIB,
                "physical_bytes_method", "ghw",
                "usable_bytes", 63 * GIB);
    }

    // The gateway is a documentation address, as recorded: every address of the machine network may belong to a host.
    private static List<Object> routes() {
        return List.of(
                Json.object("destination", "0.0.0.0", "family", 2, "gateway", "192.0.2.1", "interface", NIC),
                Json.object("destination", "192.0.2.0", "family", 2, "interface", NIC),
                Json.object("destination", "fe80::", "family", 10, "interface", NIC, "metric", 256),
                Json.object("destination", "::", "family", 10, "gateway", "fe80::1", "interface", NIC, "metric", 1024));
    }

    private static Map<String, Object> vendor() {
        return Json.object(
                "manufacturer", "unknown",
                "product_name", "unknown",
                "serial_number", "unknown",
                "virtual", true);
    }
}
