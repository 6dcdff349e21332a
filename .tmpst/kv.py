import socket,json,struct,subprocess,os,time,threading,shutil
shutil.rmtree('/tmp/st/kvd',ignore_errors=True); os.makedirs('/tmp/st/kvd')
p='/tmp/st/kv.sock'
if os.path.exists(p): os.unlink(p)
c=subprocess.Popen(['node','dist/spec/fixtures/plugins/workshop.js'],env=dict(os.environ,TORU_PLUGIN_SOCKET=p,TORU_DATA_DIR='/tmp/st/kvd',TORU_LOG_LEVEL='debug'),stderr=open('/tmp/st/kv.log','w'),stdout=subprocess.DEVNULL)
while not os.path.exists(p): time.sleep(.001)
def fr(m): b=json.dumps(m).encode(); return struct.pack('>I',len(b))+b
def kv(a,k,v=None):
    return fr({'type':'kv','timestamp':'2026-01-01T00:00:00Z','request_id':a+k,'payload':{'type':'kv','request_id':a+k,'action':a,'key':k,**({'value':v} if v is not None else {})}})
def rd(s):
    def n(k):
        b=b''
        while len(b)<k: b+=s.recv(k-len(b))
        return b
    return json.loads(n(struct.unpack('>I',n(4))[0]))
def go(i):
    s=socket.socket(socket.AF_UNIX); s.connect(p)
    s.sendall(kv('Set',f'k{i}','v')+kv('Get',f'k{i}')+kv('Delete',f'k{i}')+kv('Get',f'k{i}'))
    print(i,[rd(s)['payload']['value'] for _ in range(4)])
ts=[threading.Thread(target=go,args=(i,)) for i in range(3)]
[t.start() for t in ts];[t.join() for t in ts]
c.kill()
print(open('/tmp/st/kv.log').read().replace('  ',''))
