using System.Diagnostics;
using System.IO.Compression;
using HpcFit.Coordinator.Imaging;
using HpcFit.Coordinator.Imaging.Cifti;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Imaging;

/// <summary>
/// Mutated images of every kind, the same in every run: each is read or reported by name, never by another exception, and allocates no
/// more memory than its size allows.
/// </summary>
public sealed class ImageFuzzTests : IDisposable
{
    private const int Mutations = 150;

    /// <summary>
    /// Buffers that do not depend on the file, and the memory per cell during reading: value, sample, element, and the list of elements.
    /// </summary>
    private const long FixedBytes = 8 << 20;

    private const long BytesPerByte = 64;

    private readonly ConversionFolder _folder = new(subjects: 0);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, int> Kinds
    {
        get
        {
            var kinds = new TheoryData<string, int>();
            foreach (var kind in (string[])["volume.nii", "second.nii", "index.mif", "data.mif", "a.dscalar.nii", "a.pscalar.nii"])
            {
                kinds.Add(kind, 1);
                kinds.Add(kind + ".gz", 2);
            }
            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_mutated_image_is_read_or_reported(string name, int seed)
    {
        var random = new Random(seed);
        var sound = Sound(name.Replace(".gz", "", StringComparison.Ordinal));
        var (read, refused) = (0, 0);
        for (var number = 0; number < Mutations; number++)
        {
            // Half of the gzip files are intact files of mutated images, half are mutated themselves.
            var bytes = name.EndsWith(".gz", StringComparison.Ordinal)
                ? number % 2 == 0
                    ? TestVolume.Gzip(Mutate(sound, random))
                    : Mutate(TestVolume.Gzip(sound), random)
                : Mutate(sound, random);
            _folder.Write(name, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Read(name);
                read++;
            }
            catch (HpcFitException refusal)
            {
                refusal.Message.ShouldContain(name);
                refused++;
            }
            catch (Exception failure) when (failure is not ShouldAssertException)
            {
                throw new UnreachableException($"Mutation {number} of {name} (seed {seed}): {failure}", failure);
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(
                FixedBytes + (BytesPerByte * Held(bytes)),
                $"mutation {number} of {name} (seed {seed})"
            );
        }
        read.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(0);
    }

    private void Read(string name)
    {
        var path = _folder.Combine(name);
        if (name.Contains("scalar", StringComparison.Ordinal))
        {
            ImageFile.ReadAll(CiftiFile.Read(path).Image);
            return;
        }
        if (!name.StartsWith("index", StringComparison.Ordinal))
        {
            var image = ImageFile.ReadPlaced(path);
            if (name.StartsWith("data", StringComparison.Ordinal))
                ImageFile.ReadAll(image);
            else
                MaskGrid.Read(SingleVolume.From(image));
            return;
        }
        _folder.Write("directions.mif", TestMif.Directions(6));
        FixelGrid.Read(path, FixelDirections.Open(_folder.Combine("directions.mif")));
    }

    private static byte[] Sound(string name) =>
        name switch
        {
            "volume.nii" => new TestVolume().Bytes(),
            "second.nii" => AsVolume(
                new TestCifti
                {
                    Volume = "",
                    Models = "",
                    Extents = [6, 4],
                }.Bytes()
            ),
            "index.mif" => TestMif.Index([(1, 2), (0, 1), (6, 3)], "-1,-0,+2,+3"),
            "data.mif" => TestMif.Bytes(
                "4,3,2",
                "-0,+2,-1",
                [.. Enumerable.Range(0, 24).Select(number => (float)number)],
                "transform: 1,0,0,-10",
                "transform: 0,1,0,-20",
                "transform: 0,0,1,-30"
            ),
            "a.dscalar.nii" => new TestCifti().Bytes(),
            _ => new TestCifti
            {
                SecondType = "PARCELS",
                Models =
                    """<Surface BrainStructure="L" SurfaceNumberOfVertices="10"/><Parcel Name="V1"><Vertices BrainStructure="L">1 2</Vertices></Parcel><Parcel Name="V2"><VoxelIndicesIJK>1 2 3</VoxelIndicesIJK></Parcel>""",
                Extents = [1, 2],
            }.Bytes(),
        };

    /// <summary>A NIfTI-2 file of 2 x 3 x 4 samples, made from a CIFTI file.</summary>
    private static byte[] AsVolume(byte[] cifti)
    {
        foreach (var (at, value) in ((int, long)[])[(16, 3), (24, 2), (32, 3), (40, 4)])
            BitConverter.TryWriteBytes(cifti.AsSpan(at), value);
        return cifti;
    }

    /// <summary>
    /// One to four changes: single bits and bytes, numbers that are often wrong in headers, truncations, repeated and deleted pieces.
    /// </summary>
    private static byte[] Mutate(byte[] sound, Random random)
    {
        var bytes = sound.ToList();
        for (var left = random.Next(1, 5); left > 0 && bytes.Count > 8; left--)
        {
            var at = random.Next(2) == 0 ? random.Next(bytes.Count - 8) : random.Next(Math.Min(600, bytes.Count - 8));
            switch (random.Next(8))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    Put(BitConverter.GetBytes((short)random.Next(-2, 32768)));
                    break;
                case 3:
                    Put(BitConverter.GetBytes(((int[])[0, -1, int.MaxValue, int.MinValue, 65536, 1 << 29])[random.Next(6)]));
                    break;
                case 4:
                    Put(BitConverter.GetBytes(((double[])[double.NaN, double.PositiveInfinity, 1e300, -1, 0, 4e9])[random.Next(6)]));
                    break;
                case 5:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, bytes.Count)));
                    break;
                case 6:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 200))));
                    break;
                default:
                    Put([
                        .. ((string[])["99999999", "-1", "nan", ",", ":", "\n", "<", "\"", "1e30", "\0"])[random.Next(10)]
                            .Select(letter => (byte)letter),
                    ]);
                    break;
            }

            void Put(byte[] value)
            {
                for (var i = 0; i < value.Length && at + i < bytes.Count; i++)
                    bytes[at + i] = value[i];
            }
        }
        return [.. bytes];
    }

    /// <summary>The content of a file: for a gzip file, the bytes that can be inflated before the damage.</summary>
    private static long Held(byte[] bytes)
    {
        if (bytes is not [0x1F, 0x8B, ..])
            return bytes.Length;
        using var inflated = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        var held = 0L;
        try
        {
            for (int read; (read = inflated.Read(new byte[512])) > 0; )
                held += read;
        }
        catch (InvalidDataException)
        {
            // What was inflated before counts.
        }
        return bytes.Length + held;
    }
}
