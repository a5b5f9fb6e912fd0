package io.assistedswarm.agent;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An installer process that ends when the test says so. */
final class TestingInstaller extends Process implements Installation.Launcher {
    private final List<List<String>> started = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int exitCode;

    @Override
    public Installation.Program start(List<String> arguments) {
        synchronized (started) {
            started.add(arguments);
        }
        return new InstallerProcess(this);
    }

    List<List<String>> started() {
        synchronized (started) {
            return List.copyOf(started);
        }
    }

    void end(int code) {
        exitCode = code;
        ended.countDown();
    }

    @Override
    public OutputStream getOutputStream() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream getInputStream() {
        return new ByteArrayInputStream(Bytes.utf8("installing\ninstalled\n"));
    }

    @Override
    public InputStream getErrorStream() {
        return new ByteArrayInputStream(Bytes.utf8("oops"));
    }

    @Override
    public int waitFor() throws InterruptedException {
        ended.await();
        return exitCode;
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        return ended.await(timeout, unit);
    }

    @Override
    public boolean isAlive() {
        return ended.getCount() > 0;
    }

    @Override
    public int exitValue() {
        return exitCode;
    }

    @Override
    public void destroy() {
        end(143);
    }
}
