using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Packages;

/// <summary>The package of the programs under test (deploy/release/package), made and unpacked once for all tests of a class.</summary>
public sealed class UnpackedPackage : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public UnpackedPackage()
    {
        using var packaging = Running.Start(
            RepositoryRoot.Combine("deploy", "release", "package"),
            [Made, "--programs", HpcFitProgram.Folder]
        );
        packaging.Wait().ShouldSucceed();
        Archive = Directory.GetFiles(Made, "hpcfit-*.tar.gz").ShouldHaveSingleItem();
        Root = Unpack(_folder.Combine("unpacked"));
    }

    /// <summary>The folder of the archive and its SHA256SUMS.</summary>
    public string Made => _folder.Combine("made");

    public string Archive { get; }

    /// <summary>The unpacked folder.</summary>
    public string Root { get; }

    /// <summary>The version, from the name of the archive.</summary>
    public string Version => Path.GetFileName(Archive).Split('-')[1];

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs ./install of the unpacked folder.</summary>
    internal Finished Install(params string[] arguments) => Finish(Path.Combine(Root, "install"), arguments);

    /// <summary>Unpacks the archive once more.</summary>
    /// <returns>Its folder.</returns>
    internal string Unpack(string folder)
    {
        Directory.CreateDirectory(folder);
        Finish("tar", "-xzf", Archive, "-C", folder).ShouldSucceed();
        return Directory.GetDirectories(folder).ShouldHaveSingleItem();
    }

    /// <summary>Runs a program with nothing in its environment but the system's path, so that it finds no .NET and no locale.</summary>
    internal static Finished Finish(string program, params string[] arguments)
    {
        using var running = Running.Start("env", ["-i", "PATH=/usr/bin:/bin", program, .. arguments]);
        return running.Wait();
    }
}
