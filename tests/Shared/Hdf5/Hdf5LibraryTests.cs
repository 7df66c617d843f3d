using System.Diagnostics;
using System.Runtime.InteropServices;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Shared.Tests.Hdf5;

public sealed partial class Hdf5LibraryTests
{
    [Fact]
    public void LoadedLibraryIsNewEnoughAndReportsItsVersion()
    {
        Hdf5Library.Version.ShouldBeGreaterThanOrEqualTo(Hdf5Library.OldestSupported);
        H5.get_libversion(out var major, out var minor, out var release).ShouldBeGreaterThanOrEqualTo(0);
        new Version((int)major, (int)minor, (int)release).ShouldBe(Hdf5Library.Version);
    }

    [Fact]
    public void UsersChoiceExcludesEveryOtherPlace()
    {
        var candidates = Hdf5LibrarySearch.Candidates(
            name => name == Hdf5LibrarySearch.Variable ? "/opt/x/libhdf5.so" : "/elsewhere",
            "/app"
        );
        candidates.ShouldHaveSingleItem().Path.ShouldBe("/opt/x/libhdf5.so");
    }

    [Fact]
    public void ModulesAndCondaComeBeforeTheSystem()
    {
        var paths = Hdf5LibrarySearch.Candidates(name => name == "EBROOTHDF5" ? "/sw/hdf5" : null, "/app").Select(one => one.Path).ToList();
        paths.IndexOf("/sw/hdf5/lib/libhdf5.so").ShouldBeInRange(0, paths.IndexOf("libhdf5_serial.so.103") - 1);
    }

    [Fact]
    public void A_copy_that_was_installed_with_the_program_comes_before_modules_and_the_system()
    {
        var candidates = Hdf5LibrarySearch.Candidates(name => name == "HDF5_DIR" ? "/sw/hdf5" : null, "/app").ToList();
        var copy = candidates.FindIndex(candidate => candidate.Path == "/app/hdf5/libhdf5.so");
        copy.ShouldBeInRange(0, candidates.FindIndex(candidate => candidate.Path == "/sw/hdf5/lib/libhdf5.so") - 1);
        candidates.Where(candidate => candidate.HasCompanions).ShouldHaveSingleItem().Path.ShouldBe("/app/hdf5/libhdf5.so");
    }

    [Fact]
    public void FailureListsPlacesAndHowToInstall()
    {
        var failure = Should.Throw<Hdf5LibraryNotFoundException>(() =>
            Hdf5Library.Find([new("/no/libhdf5.so", "HDF5_DIR"), new("libc.so.6", "a test")])
        );
        failure.Message.ShouldContain("/no/libhdf5.so (HDF5_DIR): not found");
        failure.Message.ShouldContain("libc.so.6 (a test): is not an HDF5 library");
        foreach (var way in new[] { "apt-get install", "dnf install", "conda install", "module load hdf5", "HPCFIT_HDF5_LIBRARY" })
            failure.Message.ShouldContain(way);
    }

    [Fact]
    public void LibraryThatIsTooOldIsRefusedByItsVersion()
    {
        using var folder = new TooOldLibrary();
        Should
            .Throw<Hdf5LibraryNotFoundException>(() => Hdf5Library.Find([new(folder.Path, "a test")]))
            .Message.ShouldContain("is version 1.8.20, too old; 1.10.5");
    }

    [Fact]
    public void LockOfAnotherProcessDoesNotKeepUsFromOpening()
    {
        using var file = new PythonFile("with h5py.File(path, 'w') as f: scalar(f, 'FA', np.zeros((4, 6)))");
        using var holder = Process.Start(
            new ProcessStartInfo("/usr/bin/flock", ["--exclusive", file.Path, "-c", "echo held; read line"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        try
        {
            holder.StandardOutput.ReadLine().ShouldBe("held");
            ModelArrayFile.Open(file.Path).Scalar("FA").Elements.ShouldBe(6);
        }
        finally
        {
            holder.StandardInput.WriteLine();
            holder.WaitForExit();
        }
    }

    [Fact]
    public void FailedCallCarriesTheNativeStackAndLeavesItEmpty()
    {
        using var file = Hdf5ReadFile.Open(TestData.Oracle("clean.h5"));
        var failure = Should.Throw<Hdf5Exception>(() => file.OpenDataset("/scalars/none"));
        failure.NativeStack.ShouldContain("H5Dopen2");
        Hdf5Status.Failure("x", "y").NativeStack.ShouldBeEmpty();
    }

    [Fact]
    public async Task NoThreadPrintsItsErrors()
    {
        Hdf5Library.RegisterImportsOf(typeof(Hdf5LibraryTests).Assembly);
        using var file = Hdf5ReadFile.Open(TestData.Oracle("clean.h5"));
        var printer = await Task.Factory.StartNew(
            () =>
            {
                Should.Throw<Hdf5Exception>(() => file.OpenDataset("/scalars/none"));
                lock (Hdf5Library.Lock)
                {
                    GetPrinter(H5E.DEFAULT, out var used, out _).ShouldBeGreaterThanOrEqualTo(0);
                    return used;
                }
            },
            default,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        ); // a thread that has never called the library
        printer.ShouldBe(0);
    }

    [Fact]
    public void HandlesCannotBeUsedAfterDispose()
    {
        using var file = Hdf5ReadFile.Open(TestData.Oracle("clean.h5"));
        var dataset = file.OpenDataset("/scalars/FDC/values");
        var id = dataset.Id;
        dataset.Dispose();
        H5I.is_valid(id).ShouldBeLessThanOrEqualTo(0);
        Should.Throw<ObjectDisposedException>(() => dataset.Id);
    }

    [Fact]
    public void FinalizersAndCallsOfManyThreadsDoNotMeetInsideTheLibrary()
    {
        Parallel.For(
            0,
            200,
            _ =>
            {
                using var file = Hdf5ReadFile.Open(TestData.Oracle("clean.h5"));
                var abandoned = file.OpenDataset("/scalars/FDC/values");
                abandoned.Id.ShouldBeGreaterThan(0);
            }
        );
        GC.Collect();
        GC.WaitForPendingFinalizers();
        ModelArrayFile.Open(TestData.Oracle("clean.h5")).Scalar("FDC").Subjects.ShouldBe(64);
    }

    [LibraryImport(Hdf5Library.ImportName, EntryPoint = "H5Eget_auto2")]
    private static partial int GetPrinter(long stack, out nint printer, out nint data);
}
