using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Packages;

/// <summary>The package and its installer (deploy/release). In empty systems they are tested by deploy/release/chroot-test.</summary>
public sealed class PackageTests(UnpackedPackage package) : IClassFixture<UnpackedPackage>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Prefix => _folder.Combine("a prefix");

    private string ModuleFile => Path.Combine("share", "modulefiles", "hpcfit", package.Version);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_checksums_of_the_archive_and_of_its_files_are_right()
    {
        UnpackedPackage.Finish("sh", "-c", $"cd '{package.Made}' && sha256sum -c SHA256SUMS").ShouldSucceed();
        UnpackedPackage.Finish("sh", "-c", $"cd '{package.Root}' && sha256sum -c SHA256SUMS").ShouldSucceed();
        var listed = File.ReadLines(Path.Combine(package.Root, "SHA256SUMS")).Select(line => line[66..]).ToHashSet();
        foreach (
            var file in Files(package.Root)
                .Where(file => file is not ("SHA256SUMS" or "last-prefix" or "bin/hpcfit" or "bin/hpcfit-worker"))
        )
            listed.ShouldContain(file);
    }

    [Fact]
    public void It_runs_where_it_was_installed_and_where_it_was_moved()
    {
        package.Install(Prefix).ShouldSucceed().Output.ShouldContain($"in {Prefix}");
        Version(Prefix).ShouldStartWith($"hpcfit {package.Version} (commit ");
        UnpackedPackage
            .Finish(Path.Combine(Prefix, "bin", "hpcfit-worker"), "--version")
            .ShouldSucceed()
            .Output.ShouldStartWith("hpcfit-worker ");
        using (var study = new Study(50))
        {
            var program = Path.Combine(Prefix, "bin", "hpcfit");
            UnpackedPackage.Finish(program, study.Lm("FD ~ Age", "lm", "--output", study.Combine("out.h5"))).ShouldSucceed();
        }

        var moved = _folder.Combine("moved");
        Directory.Move(Prefix, moved);

        Version(moved).ShouldStartWith($"hpcfit {package.Version}");
        package.Install("--remove", moved).ShouldSucceed();
        Directory.Exists(moved).ShouldBeFalse();
    }

    [Fact]
    public void Completion_and_manual_pages_are_where_shells_and_man_look()
    {
        package.Install(Prefix).ShouldSucceed();

        UnpackedPackage.Finish("bash", "-n", InPrefix("share", "bash-completion", "completions", "hpcfit")).ShouldSucceed();
        UnpackedPackage.Finish("zsh", "-n", InPrefix("share", "zsh", "site-functions", "_hpcfit")).ShouldSucceed();
        UnpackedPackage.Finish("fish", "--no-execute", InPrefix("share", "fish", "vendor_completions.d", "hpcfit.fish")).ShouldSucceed();
        UnpackedPackage.Finish("mandoc", "-W", "error", InPrefix("share", "man", "man1", "hpcfit-run.1")).ShouldSucceed();
    }

    [Fact]
    public void The_clients_of_R_and_Python_are_installed()
    {
        package.Install(Prefix).ShouldSucceed();

        var print = "import hpcfit; print(hpcfit.__file__)";
        var python = InPrefix("share", "hpcfit", "python");
        UnpackedPackage.Finish("env", $"PYTHONPATH={python}", Python.Path, "-c", print).ShouldSucceed().Output.ShouldStartWith(python);
        File.ReadAllText(InPrefix("share", "hpcfit", "R", "DESCRIPTION")).ShouldContain("Package: hpcfit");
        Directory.Exists(InPrefix("share", "hpcfit", "R", "tests")).ShouldBeFalse();

        package.Install("--remove", Prefix).ShouldSucceed();
        Directory.Exists(Prefix).ShouldBeFalse("also what Python compiled");
    }

    [Fact]
    public void The_module_file_works_at_its_place_moved_and_copied()
    {
        package.Install(Prefix).ShouldSucceed();
        Module(InPrefix("share", "modulefiles"), "show hpcfit").ShouldContain("every element");
        Module(InPrefix("share", "modulefiles"), "load hpcfit; command -v hpcfit").ShouldContain(InPrefix("bin", "hpcfit"));
        Module(InPrefix("share", "modulefiles"), "load hpcfit; module unload hpcfit; command -v hpcfit || echo gone").ShouldContain("gone");

        var copy = _folder.Combine("site", "hpcfit");
        Directory.CreateDirectory(copy);
        File.Copy(Path.Combine(Prefix, ModuleFile), Path.Combine(copy, package.Version));
        Module(_folder.Combine("site"), "load hpcfit; command -v hpcfit").ShouldContain(InPrefix("bin", "hpcfit"));

        var moved = _folder.Combine("moved");
        Directory.Move(Prefix, moved);
        Module(Path.Combine(moved, "share", "modulefiles"), "load hpcfit; command -v hpcfit")
            .ShouldContain(Path.Combine(moved, "bin", "hpcfit"));
    }

    [Fact]
    public void Removal_takes_out_what_was_installed_and_nothing_else()
    {
        var other = InPrefix("share", "man", "man1", "other.1");
        Directory.CreateDirectory(Path.GetDirectoryName(other)!);
        File.WriteAllText(other, "somebody's");
        package.Install(Prefix).ShouldSucceed();

        UnpackedPackage.Finish(InPrefix("lib", "hpcfit", "install"), "--remove").ShouldSucceed().Output.ShouldContain("removed");

        Files(Prefix).ShouldBe(["share/man/man1/other.1"]);
        Directory.GetDirectories(Prefix, "*", SearchOption.AllDirectories).Length.ShouldBe(3);
    }

    [Fact]
    public void Removal_without_a_prefix_is_of_the_last_installation()
    {
        package.Install(Prefix).ShouldSucceed();
        package.Install("--remove").ShouldSucceed().Output.ShouldContain(Prefix);
        Directory.Exists(Prefix).ShouldBeFalse();
        package.Install("--remove").ShouldEndWith(2).ShouldSay("nothing was installed", "--remove PREFIX");
    }

    [Fact]
    public void Files_that_were_changed_or_added_are_kept_and_named()
    {
        package.Install(Prefix).ShouldSucceed();
        File.AppendAllText(Path.Combine(Prefix, ModuleFile), "# of the site\n");
        File.WriteAllText(InPrefix("lib", "hpcfit", "libmpi.so"), "added");

        var removed = package.Install("--remove", Prefix).ShouldSucceed();

        removed.ShouldSay($"{ModuleFile}: changed after the installation", "libmpi.so: not installed");
        Files(Prefix).ShouldBe(["lib/hpcfit/libmpi.so", ModuleFile], ignoreOrder: true);
    }

    [Fact]
    public void A_repeated_installation_replaces_the_first()
    {
        package.Install(Prefix).ShouldSucceed();
        var first = Files(Prefix);
        File.Delete(InPrefix("share", "man", "man1", "hpcfit.1"));

        package.Install(Prefix).ShouldSucceed().Errors.ShouldBeEmpty();

        Files(Prefix).ShouldBe(first, ignoreOrder: true);
        package.Install("--remove", Prefix).ShouldSucceed();
        Directory.Exists(Prefix).ShouldBeFalse();
    }

    [Fact]
    public void Files_of_others_are_not_replaced()
    {
        var own = InPrefix("bin", "hpcfit");
        Directory.CreateDirectory(Path.GetDirectoryName(own)!);
        File.WriteAllText(own, "a script of the site");

        package.Install(Prefix).ShouldEndWith(3).ShouldSay(own, "Nothing was changed");

        Files(Prefix).ShouldBe(["bin/hpcfit"]);
    }

    [Fact]
    public void An_installation_that_fails_half_way_is_undone()
    {
        var obstacle = InPrefix("share", "zsh");
        Directory.CreateDirectory(Path.GetDirectoryName(obstacle)!);
        File.WriteAllText(obstacle, "a file where a folder is needed");

        package.Install(Prefix).ShouldEndWith(8).ShouldSay(obstacle, "could not be written");

        Directory.GetFileSystemEntries(Prefix, "*", SearchOption.AllDirectories).ShouldBe([InPrefix("share"), obstacle], ignoreOrder: true);
    }

    [Fact]
    public void A_damaged_package_installs_nothing()
    {
        var damaged = package.Unpack(_folder.Combine("damaged"));
        File.AppendAllText(Path.Combine(damaged, "lib", "hpcfit", "hpcfit.dll"), "x");

        UnpackedPackage.Finish(Path.Combine(damaged, "install"), Prefix).ShouldEndWith(3).ShouldSay("lib/hpcfit/hpcfit.dll", "Unpack");

        Directory.Exists(Prefix).ShouldBeFalse();
    }

    [Fact]
    public void Without_the_option_the_sites_HDF5_is_used_and_with_it_the_copy()
    {
        package.Install(Prefix).ShouldSucceed().Output.ShouldContain("HDF5       the site's");
        Doctor().ShouldNotContain(Prefix);

        package.Install(Prefix, "--with-hdf5").ShouldSucceed().Output.ShouldContain("HDF5       copied, from");
        Doctor().ShouldContain(InPrefix("lib", "hpcfit", "hdf5", "libhdf5.so"));

        package.Install("--remove", Prefix).ShouldSucceed();
        Directory.Exists(Prefix).ShouldBeFalse();
    }

    [Fact]
    public void A_file_that_is_no_HDF5_library_is_refused()
    {
        var text = _folder.Combine("libhdf5.so");
        File.WriteAllText(text, "not a library");
        package.Install(Prefix, $"--with-hdf5={text}").ShouldEndWith(3).ShouldSay(text, "not a shared library");
        package.Install(Prefix, "--with-hdf5=/no/libhdf5.so").ShouldEndWith(3).ShouldSay("/no/libhdf5.so", "is not a file");
        Directory.Exists(Prefix).ShouldBeFalse();
    }

    [Theory]
    [InlineData(2, "expected PREFIX")]
    [InlineData(2, "two folders", "a", "b")]
    [InlineData(2, "unknown option '--prefix'", "--prefix", "a")]
    [InlineData(3, "contains no installation", "--remove", "/usr")]
    [InlineData(8, "cannot be created", "/proc/nowhere")]
    public void A_wrong_command_line_is_answered_with_what_was_expected(int code, string message, params string[] arguments) =>
        package.Install(arguments).ShouldEndWith(code).ShouldSay(message);

    /// <summary>
    /// Systems with glibc 2.27 (2018) and GCC 7 can run the programs: no native file needs newer symbols, or a library other than those of
    /// the C and C++ runtimes. LTTng's, of a provider of traces, is optional.
    /// </summary>
    [Fact]
    public void Native_files_need_no_newer_system()
    {
        var machine = Path.GetFileName(package.Archive).Contains("arm64", StringComparison.Ordinal) ? 183 : 62;
        var files = Files(package.Root).Where(file => file.StartsWith("lib/", StringComparison.Ordinal)).ToList();
        var native = files
            .Select(file => (file, Elf: ElfFile.TryRead(Path.Combine(package.Root, file))))
            .Where(pair => pair.Elf is not null);
        native.Count().ShouldBeGreaterThan(10);
        string[] expected =
        [
            "libc",
            "libm",
            "libdl",
            "libpthread",
            "librt",
            "libstdc++",
            "libgcc_s",
            "ld-linux-x86-64",
            "ld-linux-aarch64",
        ];
        foreach (var (file, elf) in native)
        {
            elf!.Machine.ShouldBe(machine, file);
            Newest(elf, "GLIBC_").ShouldBeLessThanOrEqualTo(new Version(2, 27), file);
            Newest(elf, "GLIBCXX_").ShouldBeLessThanOrEqualTo(new Version(3, 4, 24), file);
            elf.Libraries.Select(library => library.Split(".so")[0])
                .Except([.. expected, "liblttng-ust", "libmscordaccore"])
                .ShouldBeEmpty(file);
        }
    }

    private static Version Newest(ElfFile elf, string prefix) =>
        elf
            .Versions.Where(version => version.StartsWith(prefix, StringComparison.Ordinal) && char.IsAsciiDigit(version[prefix.Length]))
            .Select(version => new Version(version[prefix.Length..]))
            .Append(new Version(0, 0))
            .Max()!;

    private static List<string> Files(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))];

    private static string Version(string prefix) =>
        UnpackedPackage.Finish(Path.Combine(prefix, "bin", "hpcfit"), "--version").ShouldSucceed().Output;

    private string InPrefix(params string[] parts) => Path.Combine([Prefix, .. parts]);

    private string Doctor() => UnpackedPackage.Finish(InPrefix("bin", "hpcfit"), "doctor", _folder.Path).ShouldSucceed().Output;

    /// <summary>What bash prints after using a folder of module files and running a subcommand of <c>module</c>.</summary>
    private static string Module(string folder, string subcommand)
    {
        var script = $". /usr/share/modules/init/bash; module use '{folder}'; module {subcommand}";
        var finished = UnpackedPackage.Finish("bash", "-c", script).ShouldSucceed();
        return finished.Output + finished.Errors;
    }
}
