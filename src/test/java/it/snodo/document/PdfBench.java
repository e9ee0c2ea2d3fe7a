package it.snodo.document;

import java.io.File;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * CPU and allocation of page, signature and its check, of several builds in one process by turns, since the machine is
 * shared: {@code java -cp test-classes it.snodo.document.PdfBench LIBS CDA ROUNDS BUILD...}, where LIBS is a class path
 * and BUILD a folder with {@code classes} and {@code cda-templates}. Not a test.
 */
final class PdfBench {

    private static final int TIMES = 250;

    private PdfBench() {}

    public static void main(String[] args) throws Exception {
        byte[] cda = Files.readAllBytes(Path.of(args[1]));
        List<Build> builds = new ArrayList<>();
        for (int i = 3; i < args.length; i++) {
            builds.add(new Build(Path.of(args[i]), args[0]));
        }
        int rounds = Integer.parseInt(args[2]);
        for (int round = 1; round <= rounds; round++) {
            for (Build build : builds) {
                build.run(cda, round > rounds * 2 / 3);
            }
        }
        builds.forEach(Build::print);
    }

    private static final class Build {
        private static final String[] STEPS = {"render", "sign", "check"};
        private final Path folder;
        private final MethodHandle[] steps = new MethodHandle[3];
        private final MethodHandle signedBytes;
        private final List<double[]> cpu = new ArrayList<>();
        private final long[] allocated = new long[3];
        private int size;

        Build(Path folder, String libs) throws Exception {
            this.folder = folder;
            List<URL> urls = new ArrayList<>();
            urls.add(folder.resolve("classes").toUri().toURL());
            for (String lib : libs.split(File.pathSeparator)) {
                urls.add(Path.of(lib).toUri().toURL());
            }
            ClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
            Thread.currentThread().setContextClassLoader(loader);
            Object config = make(loader, "it.snodo.config.ConfigFolder", folder);
            Object renderer = make(loader, "it.snodo.document.PdfRenderer", config);
            Object keys = make(loader, "it.snodo.signature.DemoKeys", Path.of("/tmp/snodo-bench-keys"));
            Class<?> properties = loader.loadClass("it.snodo.signature.SignatureProperties");
            Method of = loader.loadClass("it.snodo.signature.Pkcs12Signer")
                    .getDeclaredMethod("ofDemo", keys.getClass(), properties);
            of.setAccessible(true);
            Constructor<?> constructor = properties.getDeclaredConstructors()[0];
            Object signer = of.invoke(
                    null, keys, constructor.newInstance(null, null, null, null, "Firma del referto", "Italia"));
            steps[0] = handle(renderer.getClass().getMethod("render", byte[].class), renderer);
            steps[1] = handle(signer.getClass().getMethod("sign", byte[].class, String.class), signer);
            steps[2] = handle(
                    loader.loadClass("it.snodo.signature.SignatureCheck")
                            .getMethod("requireSigned", byte[].class, byte[].class),
                    null);
            signedBytes =
                    handle(loader.loadClass("it.snodo.signature.Signer$Signed").getMethod("pdf"), null);
        }

        private static Object make(ClassLoader loader, String name, Object argument) throws Exception {
            for (Constructor<?> c : loader.loadClass(name).getDeclaredConstructors()) {
                if (c.getParameterCount() == 1 && c.getParameterTypes()[0].isInstance(argument)) {
                    c.setAccessible(true);
                    return c.newInstance(argument);
                }
            }
            throw new IllegalStateException(name);
        }

        private static MethodHandle handle(Method method, Object target) throws Exception {
            method.setAccessible(true);
            MethodHandle handle = MethodHandles.lookup().unreflect(method);
            return target == null ? handle : handle.bindTo(target);
        }

        void run(byte[] cda, boolean measured) throws Exception {
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            Thread.currentThread()
                    .setContextClassLoader(steps[0].type().getClass().getClassLoader());
            byte[][] unsigned = new byte[TIMES][];
            byte[][] signed = new byte[TIMES][];
            double[] taken = new double[3];
            for (int step = 0; step < 3; step++) {
                long begun = threads.getCurrentThreadCpuTime();
                long bytes = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < TIMES; i++) {
                    try {
                        switch (step) {
                            case 0 -> unsigned[i] = (byte[]) steps[0].invoke(cda);
                            case 1 -> signed[i] = (byte[]) signedBytes.invoke(steps[1].invoke(unsigned[i], "X"));
                            default -> steps[2].invoke(unsigned[i], signed[i]);
                        }
                    } catch (Throwable e) {
                        throw new IllegalStateException(e);
                    }
                }
                taken[step] = (threads.getCurrentThreadCpuTime() - begun) / 1e6 / TIMES;
                allocated[step] = (threads.getCurrentThreadAllocatedBytes() - bytes) / TIMES / 1024;
            }
            size = signed[0].length;
            if (measured) {
                cpu.add(taken);
            }
        }

        void print() {
            StringBuilder line = new StringBuilder(folder + ", signed file " + size + " bytes:");
            for (int step = 0; step < 3; step++) {
                int s = step;
                double[] sorted = cpu.stream().mapToDouble(c -> c[s]).sorted().toArray();
                line.append(String.format(
                        " %s %.2f ms (best %.2f) %d kB;",
                        STEPS[s], sorted[sorted.length / 2], sorted[0], allocated[s]));
            }
            System.out.println(line);
        }
    }
}
