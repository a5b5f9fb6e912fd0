package io.assistedswarm.agent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The machine a fake host claims to be: one physical NIC with the forced addresses, and its hardware. Keys are those of the recordings.
 */
public record Inventory(String hostname, String mac, String ipv4, Hardware hardware) {
    public static final String NIC = "eth0";
    private static final long GIB = 1L << 30;
    private static final List<String> CPU_FLAGS =
            Arrays.asList(("fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr"
                            + " sse sse2 ss ht syscall nx pdpe1gb rdtscp lm constant_tsc rep_good nopl xtopology nonstop_tsc cpuid"
                            + " tsc_known_freq pni pclmulqdq ssse3 fma cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt tsc_deadline_timer aes"
                            + " xsave avx f16c rdrand hypervisor lahf_lm abm 3dnowprefetch cpuid_fault fsgsbase tsc_adjust bmi1 avx2 smep"
                            + " bmi2 erms invpcid avx512f avx512dq rdseed adx smap avx512ifma clflushopt clwb avx512cd sha_ni avx512bw"
                            + " avx512vl xsaveopt xsavec xgetbv1 xsaves avx512vbmi umip gfni vaes vpclmulqdq avx512_vnni rdpid fsrm")
                    .split(" "));

    public Map<String, Object> json() {
        return Json.object(
                "bmc_address", "0.0.0.0",
                "bmc_v6address", "::/0",
                "boot", boot(),
                "cpu", cpu(),
                "disks", disks(),
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

    private Map<String, Object> cpu() {
        return Json.object(
                "architecture",
                "x86_64",
                "count",
                hardware.cores(),
                "flags",
                CPU_FLAGS,
                "model_name",
                hardware.processor());
    }

    private List<Object> disks() {
        List<Object> disks = new ArrayList<>();
        for (int gib : hardware.disksGib()) {
            disks.add(disk("vd" + (char) ('a' + disks.size()), gib));
        }
        return disks;
    }

    private static Map<String, Object> disk(String name, int gib) {
        String path = "/dev/" + name;
        return Json.object(
                "drive_type",
                "HDD",
                "has_uuid",
                true,
                "id",
                path,
                "installation_eligibility",
                Json.object("eligible", true, "not_eligible_reasons", null),
                "name",
                name,
                "path",
                path,
                "size_bytes",
                gib * GIB,
                "vendor",
                "0x1af4");
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

    private Map<String, Object> memory() {
        return Json.object(
                "physical_bytes", hardware.memoryGib() * GIB,
                "physical_bytes_method", "ghw",
                "usable_bytes", (hardware.memoryGib() - 1) * GIB);
    }

    // The gateway is a documentation address, as recorded: every address of the machine network may belong to a host.
    private static List<Object> routes() {
        return List.of(
                Json.object("destination", "0.0.0.0", "family", 2, "gateway", "192.0.2.1", "interface", NIC),
                Json.object("destination", "192.0.2.0", "family", 2, "interface", NIC),
                Json.object("destination", "fe80::", "family", 10, "interface", NIC, "metric", 256),
                Json.object("destination", "::", "family", 10, "gateway", "fe80::1", "interface", NIC, "metric", 1024));
    }

    private Map<String, Object> vendor() {
        return Json.object(
                "manufacturer", hardware.manufacturer(),
                "product_name", hardware.product(),
                "serial_number", hardware.serialNumber(),
                "virtual", true);
    }
}
