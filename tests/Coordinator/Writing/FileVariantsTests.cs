using System.Diagnostics;
using System.Security.Cryptography;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>Files of every kind, made by h5py: the premise of the journal holds for each, when an object is added or replaced.</summary>
public sealed class FileVariantsTests(FileVariantsTests.Variants variants) : IClassFixture<FileVariantsTests.Variants>
{
    [Fact]
    public void A_write_that_fails_leaves_every_kind_of_file_with_its_exact_old_bytes()
    {
        foreach (var file in variants.Files)
        {
            foreach (var (name, overwrite) in new[] { ("new", false), ("old", true) })
            {
                var before = Hash(file);
                var contents = DataFile.Analysis(
                    name,
                    5,
                    (region, destination) =>
                    {
                        WrittenFile.Bytes(DataFile.Values(5))[..destination.Length].CopyTo(destination);
                        if (region.Origin is [11, 200])
                            throw new BadInputException("enough");
                    }
                );
                var request = new WriteRequest
                {
                    File = file,
                    NewFile = false,
                    Contents = contents,
                    Overwrite = overwrite,
                };

                Should.Throw<BadInputException>(() => Hdf5Write.Run(request, default), file).Message.ShouldBe("enough", file);

                Hash(file).ShouldBe(before, $"{file}, {name}");
            }
        }
    }

    [Fact]
    public void No_byte_of_the_kept_values_changes()
    {
        foreach (var original in variants.Files)
        {
            var file = original + ".written";
            File.Copy(original, file);
            var before = File.ReadAllBytes(file);
            IReadOnlyList<ByteRange> values;
            using (var opened = Shared.Hdf5.Hdf5ReadFile.Open(file))
                values = RawExtents.Find(opened, ["/results/old"]).Ranges;
            values.Count.ShouldBeGreaterThan(5, file);

            foreach (var (name, overwrite) in new[] { ("new", false), ("old", true) })
                Hdf5Write.Run(
                    new()
                    {
                        File = file,
                        NewFile = false,
                        Contents = DataFile.Analysis(name, 5),
                        Overwrite = overwrite,
                    },
                    default
                );

            var after = File.ReadAllBytes(file);
            foreach (var range in values)
                after
                    .AsSpan((int)range.Start, (int)range.Length)
                    .SequenceEqual(before.AsSpan((int)range.Start, (int)range.Length))
                    .ShouldBeTrue($"{file}, {range}");
            WrittenFile.Doubles(file, "/results/old/results_matrix", 3600).ShouldBe(DataFile.Values(5));
            WrittenFile.Read<int>(file, "/fixels", H5T.NATIVE_INT32, 500).ShouldBe(Enumerable.Range(0, 500));
        }
    }

    private static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));

    public sealed class Variants : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-variants-").FullName;

        public Variants()
        {
            using var python = Process.Start(
                "/usr/bin/python3",
                [Path.Combine(AppContext.BaseDirectory, "Writing", "make_variants.py"), _folder]
            );
            python.WaitForExit();
            python.ExitCode.ShouldBe(0);
            Files = [.. Directory.EnumerateFiles(_folder, "*.h5").Order()];
            Files.Count.ShouldBe(14);
        }

        public IReadOnlyList<string> Files { get; }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
