package io.assistedswarm.rehearsal.service.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Optional;

/** The part of an agent's hardware report that the service decides by. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Inventory(
        String hostname,
        List<Nic> interfaces,
        List<Disk> disks,
        Cpu cpu,
        Memory memory,
        List<Route> routes,
        SystemVendor systemVendor) {
    public Inventory {
        hostname = orEmpty(hostname);
        interfaces = orEmpty(interfaces);
        disks = orEmpty(disks);
        cpu = cpu == null ? new Cpu(0, "") : cpu;
        memory = memory == null ? new Memory(0) : memory;
        routes = orEmpty(routes);
        systemVendor = systemVendor == null ? new SystemVendor("", "", false) : systemVendor;
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Nic(String name, String macAddress, List<String> ipv4Addresses, List<String> ipv6Addresses) {
        public Nic {
            name = orEmpty(name);
            macAddress = orEmpty(macAddress);
            ipv4Addresses = orEmpty(ipv4Addresses);
            ipv6Addresses = orEmpty(ipv6Addresses);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Disk(
            String id,
            String name,
            String path,
            String driveType,
            long sizeBytes,
            Eligibility installationEligibility) {
        public Disk {
            id = orEmpty(id);
            name = orEmpty(name);
            path = orEmpty(path);
            driveType = orEmpty(driveType);
        }

        public boolean eligible() {
            return installationEligibility != null && installationEligibility.eligible();
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Eligibility(boolean eligible) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Cpu(int count, String architecture) {
        public Cpu {
            architecture = orEmpty(architecture);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Memory(long physicalBytes) {}

    /** @param family 2 for IPv4, 10 for IPv6, as in the kernel's headers */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Route(String destination, String gateway, int family) {
        public boolean isDefault() {
            return gateway != null
                    && !gateway.isEmpty()
                    && ("0.0.0.0".equals(destination) || "::".equals(destination) || "0.0.0.0/0".equals(destination));
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record SystemVendor(String manufacturer, String productName, boolean virtual) {
        public SystemVendor {
            manufacturer = orEmpty(manufacturer);
            productName = orEmpty(productName);
        }
    }

    /** Addresses with their prefix lengths, of both families. */
    public List<String> addresses() {
        return interfaces.stream()
                .flatMap(nic ->
                        java.util.stream.Stream.concat(nic.ipv4Addresses().stream(), nic.ipv6Addresses().stream()))
                .toList();
    }

    /** One that can be installed to, by its id. */
    public Optional<Disk> disk(String id) {
        return disks.stream()
                .filter(disk -> disk.eligible() && disk.id().equals(id))
                .findFirst();
    }

    public Optional<Disk> installationDisk() {
        return disks.stream().filter(Disk::eligible).findFirst();
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
